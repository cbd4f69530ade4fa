package insights

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// most is how many lines of one table are shown; --json and --csv have them all.
const most = 12

// unknown stands for a subject that the document does not know either.
const unknown = "(no known subject)"

// WriteText writes the summary for a person.
func (s Summary) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "kapbot, %s to %s (UTC)\n", s.Since.Format("2006-01-02 15:04"), s.Until.Format("2006-01-02 15:04"))
	if s.Questions == 0 {
		fmt.Fprintln(t, "\nNobody asked anything in this time.")
	} else {
		fmt.Fprintf(t, "%d questions, %s for each mark\n", s.Questions, period(s))
		s.table(t, "What became of them", s.Kinds)
		s.table(t, "Where", s.Adapters)
		s.table(t, "Topics that answered", s.Topics)
		s.table(t, "Asked and not covered: what to write next", s.NotCovered)
	}
	ratingTable(t, s.Ratings)
	if len(s.Unanswered) > 0 {
		fmt.Fprintln(t, "\nIn their words, without what could name someone")
		for _, u := range s.Unanswered[:min(most, len(s.Unanswered))] {
			fmt.Fprintf(t, "  %d\t%s\n", u.N, u.Text)
		}
	}
	return t.Flush()
}

func period(s Summary) string {
	if s.Step.Hours() == 1 {
		return "an hour"
	}
	return "a day"
}

func (s Summary) table(w io.Writer, title string, rows []Series) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, r := range rows[:min(most, len(rows))] {
		fmt.Fprintf(w, "  %s\t%d\t%.0f %%\t%s\n", cmp.Or(r.Name, unknown), r.N, 100*float64(r.N)/float64(s.Questions), Sparkline(r.Periods, 60))
	}
	if left := len(rows) - most; left > 0 {
		fmt.Fprintf(w, "  … and %d more\n", left)
	}
}

func ratingTable(w io.Writer, rows []Rating) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(w, "\nRatings\thelpful\tnot helpful\twhy not")
	for _, r := range rows {
		var why []string
		for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
			why = append(why, fmt.Sprintf("%s %d", strings.ReplaceAll(reason, "_", " "), r.Reasons[reason]))
		}
		fmt.Fprintf(w, "  %s\t%d\t%d\t%s\n", cmp.Or(r.Topic, unknown), r.Helpful, r.NotHelpful, strings.Join(why, ", "))
	}
}

var bars = []rune("▁▂▃▄▅▆▇█")

// Sparkline draws counts as a line of at most width marks; the highest is a
// full block, and only nothing is a space.
func Sparkline(counts []int64, width int) string {
	if len(counts) > width {
		per := (len(counts) + width - 1) / width
		var fewer []int64
		for chunk := range slices.Chunk(counts, per) {
			var sum int64
			for _, n := range chunk {
				sum += n
			}
			fewer = append(fewer, sum)
		}
		counts = fewer
	}
	if len(counts) == 0 {
		return ""
	}
	top := slices.Max(counts)
	line := make([]rune, len(counts))
	for i, n := range counts {
		line[i] = ' '
		if n > 0 {
			line[i] = bars[(n*int64(len(bars))-1)/top]
		}
	}
	return string(line)
}
