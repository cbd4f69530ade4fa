package triage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Markdown is the figures as a page of the docs.
func (f *Figures) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Triage: the figures\n\nWritten by `go generate ./bot/triage`; what they mean is told in [safety.md](safety.md).\n\n")
	fmt.Fprintf(&b, "Fitted on %d lines written for triage and %d wordings of questions, which are harmless. "+
		"Alarm at a margin over %.3f, the quiet line over %.3f; a rule alone raises an alarm over %.3f.\n\n",
		f.lines, f.topics, f.levels.Alarm, f.levels.Quiet, f.levels.Veto)
	f.writeHeldOut(&b)
	f.writeOwn(&b)
	f.writeCurve(&b)
	f.writeRules(&b)
	return b.String()
}

func (f *Figures) writeHeldOut(b *strings.Builder) {
	b.WriteString("## Lines put aside before the first fit\n\n" +
		"Share that raised an alarm, and in brackets the share that was noticed (an alarm or the quiet line). For the three refusals: the share refused.\n\n" +
		"| label | lines | rules alone | model alone | both |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range f.heldOut {
		fmt.Fprintf(b, "| %s | %d | %s | %s | %s |\n", a.label, a.both.n, a.rules.cell(a.label), a.model.cell(a.label), a.both.cell(a.label))
	}
	b.WriteString("\n")
}

func (t tally) cell(l Label) string {
	share := func(n int) float64 { return float64(n) / float64(max(t.n, 1)) }
	if c := l.class(); c != None && !c.Alarm() {
		return fmt.Sprintf("%.3f", share(t.refuse))
	}
	return fmt.Sprintf("%.3f (%.3f)", share(t.alarm), share(t.noticed))
}

func (f *Figures) writeOwn(b *strings.Builder) {
	b.WriteString("## Its own lines, by five-fold cross-validation\n\n" +
		"Most of these were written to lie on a border, so that they are harder than what people write.\n\n" +
		"| label | lines | alarm | noticed | refused |\n| --- | --- | --- | --- | --- |\n")
	for _, t := range f.own {
		n := float64(t.n)
		fmt.Fprintf(b, "| %s | %d | %.3f | %.3f | %.3f |\n", t.label, t.n, float64(t.alarm)/n, float64(t.noticed)/n, float64(t.refuse)/n)
	}
	b.WriteString("\n")
}

func (f *Figures) writeCurve(b *strings.Builder) {
	b.WriteString("## Rounds of writing\n\nShare of the dangerous lines put aside that the model finds, each time at 2 false alarms in 100 harmless ones.\n\n| up to round | lines |")
	var labels []Label
	if len(f.curve) > 0 {
		labels = slices.Sorted(maps.Keys(f.curve[0].found))
	}
	for _, l := range labels {
		fmt.Fprintf(b, " %s |", l)
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(labels)) + "\n")
	for _, r := range f.curve {
		fmt.Fprintf(b, "| %s | %d |", r.name, r.lines)
		for _, l := range labels {
			fmt.Fprintf(b, " %.2f |", r.found[l])
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (f *Figures) writeRules(b *strings.Builder) {
	b.WriteString("## Rules\n\nEvery line that a rule fired on, and how many of those were no danger (or, for a refusal, none).\n\n" +
		"| rule | class | hits | false hits |\n| --- | --- | --- | --- |\n")
	for _, r := range f.rules {
		fmt.Fprintf(b, "| %s | %s | %d | %d |\n", r.rule.name, r.rule.class, r.hits, r.false)
	}
}
