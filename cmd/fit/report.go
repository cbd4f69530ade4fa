package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kapbot/kb/classify"
	"kapbot/kb/wordings"
)

// report is the page that tells how good the model is.
type report struct {
	model    *classify.Model
	size     int
	figures  []figure
	judged   []classify.Judged
	ablation []figure
}

func (r report) write(file string) error {
	var b strings.Builder
	b.WriteString("# Report of the fit\n\nWritten by `go generate ./kb`; do not edit.\n\n")
	fmt.Fprintf(&b, "Data `%s`, %d bytes.\n", r.model.Digest(), r.size)
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func ablate(context.Context, []wordings.Wording, classify.Set, heldOut) ([]figure, error) {
	return nil, errors.New("not yet")
}
