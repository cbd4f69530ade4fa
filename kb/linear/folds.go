package linear

import (
	"context"
	"fmt"
)

// CrossValidate scores every line with a model fitted on the lines of the
// other folds of k. A line's fold depends on its group (or text) alone, so that
// adding lines leaves the others where they were.
func CrossValidate(ctx context.Context, lines []Line, classes []Class, opts Options, k int) ([]Score, error) {
	if err := check(lines, classes, opts); err != nil {
		return nil, fmt.Errorf("cross-validate: %w", err)
	}
	if k < 2 {
		return nil, fmt.Errorf("cross-validate: %d folds: want at least 2", k)
	}
	score := opts.Scorer
	if score == nil {
		score = func(m *Model, l Line) Score { return m.Score(l.Text, l.Extra...) }
	}
	opts = opts.withDefaults()
	hashed := hashLines(lines, opts)
	scores := make([]Score, len(lines))
	for fold := range k {
		m, err := fitWithout(ctx, fold, k, hashed, lines, classes, opts)
		if err != nil {
			return nil, fmt.Errorf("fold %d: %w", fold, err)
		}
		for i, l := range lines {
			if Fold(l, k) == fold {
				scores[i] = score(m, l)
			}
		}
	}
	return scores, nil
}

// Fold is the fold of k that a line falls in.
func Fold(l Line, k int) int {
	key := l.Group
	if key == "" {
		key = l.Text
	}
	return int(hashExtra(key) % uint32(k))
}

func fitWithout(ctx context.Context, fold, k int, hashed [][]gram, lines []Line, classes []Class, opts Options) (*Model, error) {
	var keep []int
	for i, l := range lines {
		if Fold(l, k) != fold {
			keep = append(keep, i)
		}
	}
	if len(keep) == 0 || len(keep) == len(lines) {
		return nil, fmt.Errorf("%d lines do not fill %d folds", len(lines), k)
	}
	some := make([]Class, len(classes))
	for c := range classes {
		some[c] = Class{Name: classes[c].Name, Cost: classes[c].Cost, In: pick(classes[c].In, keep)}
		if classes[c].Skip != nil {
			some[c].Skip = pick(classes[c].Skip, keep)
		}
	}
	return fit(ctx, pick(hashed, keep), pick(lines, keep), some, opts)
}

func pick[T any](from []T, at []int) []T {
	out := make([]T, len(at))
	for i, j := range at {
		out[i] = from[j]
	}
	return out
}
