package classify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"kapbot/kb/linear"
	"kapbot/kb/wordings"
)

// Recipe is how the built-in model is fitted; docs/answers.md has the figures
// behind each choice.
func Recipe() linear.Options {
	return linear.Options{
		Features:  linear.Features{Words: 3, CharMin: 2, CharMax: 5},
		Normalize: Normalize,
		C:         2,
		Tolerance: 0.3,
		Seed:      1,
		Prune:     0.05,

		UnseenWeight: 1,
	}
}

// folds of the cross-validation that calibrates.
const folds = 5

// Judged is what cross-validation says of one wording: how a model that had not
// seen it ranks it.
type Judged struct {
	Wording wordings.Wording
	Ranking Ranking
	Covered bool // some topic answers it
	Right   bool // the best topic does
	Helped  bool // one of the best three does
}

// Fit learns a model from wordings. It returns the bytes that Open reads and
// what cross-validation said of every wording. The same wordings give the same
// bytes.
func Fit(ctx context.Context, all []wordings.Wording, set Set, opts linear.Options) ([]byte, []Judged, error) {
	t := newTraining(all, set)
	l, err := linear.Fit(ctx, t.lines, t.classes, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("classify: %w", err)
	}
	m := newModel(l, t)
	judged, err := t.crossValidate(ctx, m, all, opts)
	if err != nil {
		return nil, nil, err
	}
	m.meta.Data = Digest(all, opts)
	head, err := json.Marshal(m.meta)
	if err != nil {
		return nil, nil, fmt.Errorf("classify: %w", err)
	}
	return l.WithMeta(head).Bytes(), judged, nil
}

// FitOnly learns a model without cross-validation, for comparing data: it
// calibrates on the very lines it was fitted on, so its probabilities are good
// for putting questions in order and for nothing else.
func FitOnly(ctx context.Context, all []wordings.Wording, set Set, opts linear.Options) (*Model, error) {
	t := newTraining(all, set)
	l, err := linear.Fit(ctx, t.lines, t.classes, opts)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	m := newModel(l, t)
	scores := make([]linear.Score, len(t.lines))
	for i, line := range t.lines {
		scores[i] = score(l, line.Text, line.Extra...)
	}
	if _, err := t.judge(m, all, scores); err != nil {
		return nil, err
	}
	return m, nil
}

func newModel(l *linear.Model, t training) *Model {
	m := &Model{linear: l, covered: l.Len() - 1, topic: make([]bool, l.Len())}
	for i := range l.Len() - 1 {
		if t.set.Covered(l.Class(i)) {
			m.topic[i] = true
			m.meta.Topics = append(m.meta.Topics, l.Class(i))
		}
	}
	slices.Sort(m.meta.Topics)
	return m
}

// scoreLine scores a line as a question is scored.
func scoreLine(m *linear.Model, l linear.Line) linear.Score { return score(m, l.Text, l.Extra...) }

// crossValidate judges every wording once and calibrates m by it.
func (t training) crossValidate(ctx context.Context, m *Model, all []wordings.Wording, opts linear.Options) ([]Judged, error) {
	opts.Scorer = scoreLine
	scores, err := linear.CrossValidate(ctx, t.lines, t.classes, opts, folds)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	return t.judge(m, all, scores)
}

// judge ranks every wording by its score and calibrates m by the outcome.
func (t training) judge(m *Model, all []wordings.Wording, scores []linear.Score) ([]Judged, error) {
	var judged []Judged
	var rankings []Ranking
	var right, covered []bool
	for i, s := range scores {
		if t.copies[i] {
			continue
		}
		r := m.rank(s)
		r.sort()
		j := Judged{Wording: all[len(judged)], Ranking: r, Covered: t.set.Covered(t.labels[i])}
		j.Right = j.Covered && t.set.Right(r.Topics[0].Name, t.labels[i])
		for _, c := range r.Topics[:min(3, len(r.Topics))] {
			j.Helped = j.Helped || j.Covered && t.set.Right(c.Name, t.labels[i])
		}
		judged = append(judged, j)
		rankings, right, covered = append(rankings, r), append(right, j.Right), append(covered, j.Covered)
	}
	calibration, err := calibrate(rankings, right, covered)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	m.meta.Calibration = calibration
	for i := range judged {
		r := &judged[i].Ranking
		r.Probability, r.Verdict = m.meta.Calibration.judge(*r)
	}
	return judged, nil
}

// Digest names wordings and settings: it changes when one of them does.
func Digest(all []wordings.Wording, opts linear.Options) string {
	h := sha256.New()
	for _, w := range all {
		fmt.Fprintf(h, "%q %q %q\n", w.Label, w.Prior, w.Text)
	}
	fmt.Fprintf(h, "%+v %v %v %v %v\n", opts.Features, opts.C, opts.Seed, opts.Prune, opts.UnseenWeight)
	_, _ = io.WriteString(h, normalizeVersion)
	return hex.EncodeToString(h.Sum(nil))[:16]
}
