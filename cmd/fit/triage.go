package main

import (
	"context"
	"fmt"
	"os"

	"kapbot/bot/triage"
	"kapbot/kb/wordings"
)

// Where "fit triage" reads and writes, from the folder bot/triage.
const (
	triageLines   = "lines"
	triageHeldOut = "testdata/heldout"
	triageModel   = "triage.model"
	triageFigures = "../../docs/safety-figures.md"
)

func runTriage(ctx context.Context, _ config) error {
	lines, err := triage.ReadLines(os.DirFS(triageLines))
	if err != nil {
		return err
	}
	heldOut, err := triage.ReadLines(os.DirFS(triageHeldOut))
	if err != nil {
		return err
	}
	topics, err := wordings.Read(wordings.Files)
	if err != nil {
		return err
	}
	c := triage.Corpus{Lines: lines}
	for _, w := range topics {
		c.Topics = append(c.Topics, triage.Line{Text: w.Text, Label: triage.Label(w.Label)})
	}
	f, err := triage.Measure(ctx, c, heldOut)
	if err != nil {
		return err
	}
	if err := os.WriteFile(triageModel, f.Model.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write triage's model: %w", err)
	}
	if err := os.WriteFile(triageFigures, []byte(f.Markdown()), 0o644); err != nil {
		return fmt.Errorf("write triage's figures: %w", err)
	}
	return nil
}
