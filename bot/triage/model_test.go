package triage_test

import (
	"os"
	"testing"

	"kapbot/bot/triage"
	"kapbot/kb/wordings"
)

// TestModelFitsItsData tells when lines, wordings or rules have changed since
// the model was fitted.
func TestModelFitsItsData(t *testing.T) {
	if got, want := triage.FittedOn(), corpus(t).Fingerprint(); got != want {
		t.Errorf("triage.model was fitted on %s, the lines and rules are %s now: run go generate ./bot/triage", got, want)
	}
}

func corpus(t *testing.T) triage.Corpus {
	t.Helper()
	c := triage.Corpus{Lines: readLines(t, "lines")}
	topics, err := wordings.Read(wordings.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range topics {
		c.Topics = append(c.Topics, triage.Line{Text: w.Text, Label: triage.Label(w.Label)})
	}
	return c
}

func readLines(t *testing.T, dir string) []triage.Line {
	t.Helper()
	lines, err := triage.ReadLines(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
