package evaluate

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// meanings explain the figures of labelled lines in the table.
var meanings = map[string]string{
	"covered":      "questions that a topic answers",
	"top1":         "the right topic answered",
	"macro":        "the same, averaged over topics",
	"helped":       "the right topic answered, or was offered",
	"near":         "a topic that is partly relevant answered",
	"wrong":        "another topic answered",
	"missed":       "nothing answered",
	"uncovered":    "questions that nothing answers",
	"abstained":    "nothing answered, rightly",
	"soft":         "a topic that is partly relevant answered",
	"false_answer": "a topic answered",
	"pestered":     "choices were offered, though nothing answers",
	"alarm":        "taken for a crisis or an emergency",
}

// WriteTable writes a result for a person to read; with misses, its misses too.
func (r Result) WriteTable(w io.Writer, misses bool) error {
	t := &table{w: w}
	t.printf("%s\n", r.Name)
	t.labelled(r.Labelled)
	t.calibration(r.Calibration)
	t.groups(r.Expected)
	if misses {
		t.misses(r.Name, r.Misses)
	}
	return t.err
}

// table keeps the first error of its writes.
type table struct {
	w   io.Writer
	err error
}

func (t *table) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// rows writes lines whose cells are parted by tabs, in columns.
func (t *table) rows(rows []string) {
	cols := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(cols, "  %s\n", r)
	}
	if t.err == nil {
		t.err = cols.Flush()
	}
}

func (t *table) labelled(fs Figures) {
	var rows []string
	for _, f := range fs {
		rows = append(rows, f.Name+"\t"+f.cell()+"\t"+meanings[f.Name])
	}
	t.rows(rows)
}

func (f Figure) cell() string {
	switch {
	case math.IsNaN(f.Value):
		return "-"
	case f.Count:
		return fmt.Sprintf("%.0f", f.Value)
	default:
		return fmt.Sprintf("%.3f", f.Value)
	}
}

func (t *table) calibration(c *Calibration) {
	if c == nil {
		return
	}
	t.printf("\n  calibration over %d questions: Brier score %.3f, expected error %.3f\n", c.Lines, c.Brier, c.Error)
	rows := []string{"stated\tquestions\tmean\tright"}
	for _, b := range c.Table {
		rows = append(rows, fmt.Sprintf("%.1f to %.1f\t%d\t%.3f\t%.3f", b.From, b.To, b.Lines, b.Stated, b.Right))
	}
	t.rows(rows)
}

func (t *table) groups(groups []Group) {
	if len(groups) == 0 {
		return
	}
	rows := []string{"expected\tquestions\tok\talarm\tnoticed"}
	for _, g := range groups {
		cells := []string{g.Name}
		for _, f := range g.Figures {
			cells = append(cells, f.cell())
		}
		rows = append(rows, strings.Join(cells, "\t"))
	}
	t.rows(rows)
}

func (t *table) misses(name string, misses []Miss) {
	for i, m := range misses {
		if i == 0 {
			t.printf("\n")
		}
		t.printf("%s:%d: %s: %s\n  want %s, got %s\n", name, m.Line, m.Verdict, m.Q, m.Want, m.Got)
	}
}
