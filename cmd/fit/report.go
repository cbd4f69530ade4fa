package main

import (
	"fmt"
	"os"
	"strings"

	"kapbot/kb/classify"
)

// report is the page that tells how good the model is.
type report struct {
	model    *classify.Model
	size     int
	lines    int
	figures  []figure
	ablation []ingredient
	curve    []ingredient
}

func (r report) write(file string) error {
	var b strings.Builder
	b.WriteString("# Figures of the model that decides\n\n")
	b.WriteString("Written by `go run ./cmd/fit -report`; do not edit. [answers.md](answers.md) says what the words mean.\n\n")
	fmt.Fprintf(&b, "%d wordings, data `%s`, a model of %.1f MB.\n", r.lines, r.model.Digest(), float64(r.size)/1e6)
	r.writeFigures(&b)
	for _, f := range r.figures {
		writeReliability(&b, f)
	}
	writeIngredients(&b, "What each ingredient brings", r.ablation)
	writeIngredients(&b, "What each round of wordings brought", r.curve)
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (r report) writeFigures(b *strings.Builder) {
	b.WriteString("\n| | answerable | not | AUROC | right first | top1 at .95 | top1 | wrong | helped | abstained | pestered | Brier |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, f := range r.figures {
		fmt.Fprintf(b, "| %s | %d | %d | %.4f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.4f |\n", f.name,
			f.covered, f.uncovered, f.auroc, f.first, f.top1, f.answered, f.wrong, f.helped, f.abstained, f.pestered, f.brier)
	}
}

func writeReliability(b *strings.Builder, f figure) {
	fmt.Fprintf(b, "\n## How far the probability can be trusted: %s\n\n", f.name)
	b.WriteString("| probability given | questions | mean given | came true |\n| --- | --- | --- | --- |\n")
	for _, bin := range f.bins {
		fmt.Fprintf(b, "| %.1f to %.1f | %d | %.3f | %.3f |\n", bin.Low, bin.High, bin.N, bin.Mean, bin.Rate)
	}
}

func writeIngredients(b *strings.Builder, title string, list []ingredient) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	b.WriteString("| | wordings | AUROC, cross-validation | top1 at .95 | AUROC, put aside | top1 at .95 |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for _, i := range list {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", i.name, count(i.lines),
			share(i.cross.auroc), share(i.cross.top1), share(i.held.auroc), share(i.held.top1))
	}
}

func count(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

func share(x float64) string {
	if x == 0 {
		return "–"
	}
	return fmt.Sprintf("%.4f", x)
}
