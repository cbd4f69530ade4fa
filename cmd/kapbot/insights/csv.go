package insights

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"kapbot/bot/engine"
)

// WriteCSV writes a report row by row, for a spreadsheet: what was counted, what was
// rated, and wordings that were kept.
func WriteCSV(w io.Writer, r engine.Report) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"table", "hour", "adapter", "kind", "topic", "helpful", "reason", "n", "wording"}}
	for _, n := range r.Counts {
		rows = append(rows, []string{"replies", hour(n.Hour), n.Adapter, string(n.Kind), n.Topic, "", "", number(n.N), ""})
	}
	for _, n := range r.Ratings {
		rows = append(rows, []string{"ratings", hour(n.Hour), "", "", n.Topic, strconv.FormatBool(n.Helpful), string(n.Reason), number(n.N), ""})
	}
	for _, n := range r.Unanswered {
		rows = append(rows, []string{"unanswered", hour(n.Last), "", "", "", "", "", number(n.N), inert(printable(n.Text))})
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func hour(t time.Time) string { return t.UTC().Format(time.RFC3339) }
func number(n int64) string   { return strconv.FormatInt(n, 10) }

// inert keeps a spreadsheet from running what a person typed as a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
