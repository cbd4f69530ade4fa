package triage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kapbot/kb/linear"
)

// Figures are what was measured of a model when it was fitted.
type Figures struct {
	Model *linear.Model

	levels  thresholds
	own     []tally // by cross-validation, by label
	heldOut []ablation
	rules   []ruleTally
	curve   []roundTally
	lines   int
	topics  int
}

// tally counts what became of lines with one label.
type tally struct {
	label                     Label
	n, alarm, noticed, refuse int
}

func (t *tally) add(a Assessment) {
	t.n++
	t.alarm += one(a.Class.Alarm())
	t.noticed += one(a.Resources)
	t.refuse += one(a.Class != None && !a.Class.Alarm())
}

// ablation is a label read by the rules alone, the model alone and both.
type ablation struct {
	label              Label
	rules, model, both tally
}

// ruleTally counts a rule's hits among all lines, and those on lines that are
// no danger (or no refusal).
type ruleTally struct {
	rule        rule
	hits, false int
}

// roundTally is what a model fitted on the rounds up to this one finds among
// the lines put aside, at 2 false alarms in 100.
type roundTally struct {
	name  string
	lines int
	found map[Label]float64
}

// Measure fits the model and measures it: by cross-validation on its own
// lines, and on lines put aside.
func Measure(ctx context.Context, c Corpus, heldOut []Line) (*Figures, error) {
	d := c.prepare()
	cv, err := linear.CrossValidate(ctx, d.lines, d.classes, options(nil), folds)
	if err != nil {
		return nil, err
	}
	m, err := d.fit(ctx, d.levels(cv))
	if err != nil {
		return nil, err
	}
	r, err := newReader(m)
	if err != nil {
		return nil, err
	}
	f := &Figures{Model: m, levels: r.levels, own: d.tallies(cv, r.levels), rules: d.ruleTallies(), lines: d.topics, topics: len(d.source) - d.topics}
	for _, group := range byLabel(heldOut) {
		f.heldOut = append(f.heldOut, r.ablate(group))
	}
	f.curve, err = d.curve(ctx, c.rounds(), heldOut)
	return f, err
}

// tallies counts what the model and rules make of the corpus's own lines.
func (d prepared) tallies(cv []linear.Score, t thresholds) []tally {
	by := make(map[Label]*tally)
	for i, s := range cv {
		label := d.source[i].Label
		if i >= d.topics {
			label = "wordings of topics"
		}
		if by[label] == nil {
			by[label] = &tally{label: label}
		}
		by[label].add(decide(s.Margins, d.words[i], d.fired[i], nil, t))
	}
	out := make([]tally, 0, len(by))
	for _, t := range by {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b tally) int { return cmp.Compare(a.label, b.label) })
	return out
}

func (d prepared) ruleTallies() []ruleTally {
	by := make(map[string]*ruleTally)
	for i, fired := range d.fired {
		want := None
		if i < d.topics {
			want = d.source[i].Label.class()
		}
		for _, r := range fired {
			if r.sign() {
				continue
			}
			if by[r.name] == nil {
				by[r.name] = &ruleTally{rule: r.rule}
			}
			by[r.name].hits++
			by[r.name].false += one(want != r.class && !(want.Alarm() && r.class.Alarm()))
		}
	}
	out := make([]ruleTally, 0, len(by))
	for _, t := range by {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b ruleTally) int {
		return cmp.Or(-cmp.Compare(urgency(a.rule.class), urgency(b.rule.class)), cmp.Compare(a.rule.name, b.rule.name))
	})
	return out
}

// byLabel groups lines, in order of their labels.
func byLabel(lines []Line) [][]Line {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.Label, b.Label) })
	var out [][]Line
	for i, l := range lines {
		if i == 0 || l.Label != lines[i-1].Label {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], l)
	}
	return out
}

func (r *reader) ablate(lines []Line) ablation {
	a := ablation{label: lines[0].Label}
	mute := slices.Repeat([]float64{r.levels.Quiet - 0.001}, margins) // a model that says nothing
	for _, l := range lines {
		m := normalise(l.Text)
		fired := r.book.read(m)
		score := r.model.Score(m.excerpt(), fired.features()...).Margins
		a.rules.add(decide(mute, m.words(), fired, nil, r.levels))
		a.model.add(decide(score, m.words(), nil, nil, r.levels))
		a.both.add(decide(score, m.words(), fired, r.alone(m, fired), r.levels))
	}
	return a
}

// curve fits danger alone on the first round, the first two, and so on.
func (d prepared) curve(ctx context.Context, rounds []string, heldOut []Line) ([]roundTally, error) {
	var out []roundTally
	for _, round := range rounds {
		var lines []linear.Line
		class := linear.Class{Name: classNames[danger]}
		own := 0
		for i, l := range d.lines {
			if i < d.topics && roundNumber(d.source[i].Round) > roundNumber(round) {
				continue
			}
			own += one(i < d.topics)
			lines = append(lines, l)
			class.In = append(class.In, d.classes[danger].In[i])
		}
		m, err := linear.Fit(ctx, lines, []linear.Class{class}, options(nil))
		if err != nil {
			return nil, fmt.Errorf("curve: %w", err)
		}
		out = append(out, roundTally{name: round, lines: own, found: found(m, heldOut)})
	}
	return out, nil
}

func (c Corpus) rounds() []string {
	var names []string
	for _, l := range c.Lines {
		names = append(names, l.Round)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(roundNumber(a), roundNumber(b)), cmp.Compare(a, b)) })
	return slices.Compact(names)
}

func roundNumber(name string) int {
	digits, _, _ := strings.Cut(name, " ")
	n, _ := strconv.Atoi(digits)
	return n
}

// found is the share of each dangerous label over the threshold that 2 in 100
// of the harmless lines are over.
func found(m *linear.Model, heldOut []Line) map[Label]float64 {
	const falseAlarms = 0.02
	var harmless []float64
	over := make(map[Label][]float64)
	for _, l := range heldOut {
		n := normalise(l.Text)
		s := m.Score(n.excerpt(), ruleBook().read(n).features()...).Margins[0]
		if l.Label.class().Alarm() {
			over[l.Label] = append(over[l.Label], s)
		} else {
			harmless = append(harmless, s)
		}
	}
	level := linear.ThresholdAt(harmless, make([]bool, len(harmless)), falseAlarms)
	out := make(map[Label]float64)
	for label, scores := range over {
		n := 0
		for _, s := range scores {
			n += one(s > level)
		}
		out[label] = float64(n) / float64(len(scores))
	}
	return out
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
