package linear

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// Class is one yes-or-no question about every line.
type Class struct {
	Name string
	// In says, line by line, whether it belongs to the class.
	In []bool
	// Cost weighs mistakes on the lines that do; 0 means 1.
	Cost float64
	// Skip marks lines that say nothing of this class, either way; nil for
	// none.
	Skip []bool
}

// OneVsRest makes a class of every distinct label, in order of appearance.
func OneVsRest(labels []string) []Class {
	var classes []Class
	index := make(map[string]int)
	for i, l := range labels {
		c, ok := index[l]
		if !ok {
			c = len(classes)
			index[l] = c
			classes = append(classes, Class{Name: l, In: make([]bool, len(labels))})
		}
		classes[c].In[i] = true
	}
	return classes
}

// Options of a fit. The zero value of a field takes its default.
type Options struct {
	Features
	// Normalize is applied to every text before its n-grams are taken, when
	// fitting and when scoring; nil leaves the text as it is.
	Normalize func(string) string
	// C is the cost of a mistake against the size of the weights; default 1.
	// It should grow with the number of lines.
	C float64
	// Seed of the order in which lines are visited.
	Seed uint64
	// Tolerance at which the descent stops; default 0.1.
	Tolerance float64
	// Passes over the lines at most; default 200.
	Passes int
	// Prune drops weights smaller than this; it makes the model smaller.
	Prune float64
	// UnseenWeight in [0, 1] says how much n-grams that the model has never
	// seen count in a text's length: the more, the more they pull every
	// margin towards the class's bias.
	UnseenWeight float64
	// Scorer scores a line in a cross-validation, for a caller who does more
	// than [Model.Score]; nil is that.
	Scorer func(*Model, Line) Score
	// Workers fit classes side by side; default 2. The result does not depend
	// on it.
	Workers int
	// Meta is kept in the model for the caller, such as a calibration.
	Meta []byte
}

func (o Options) withDefaults() Options {
	if o.C == 0 {
		o.C = 1
	}
	if o.Tolerance == 0 {
		o.Tolerance = 0.1
	}
	if o.Passes == 0 {
		o.Passes = 200
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	return o
}

// maxClasses is bounded by the byte that names a class in a model.
const maxClasses = 256

// Fit learns a model that gives a margin for each class.
func Fit(ctx context.Context, lines []Line, classes []Class, opts Options) (*Model, error) {
	if err := check(lines, classes, opts); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	return fit(ctx, hashLines(lines, opts), lines, classes, opts.withDefaults())
}

func check(lines []Line, classes []Class, opts Options) error {
	if len(lines) == 0 {
		return errors.New("no lines to learn from")
	}
	if len(classes) == 0 || len(classes) > maxClasses {
		return fmt.Errorf("%d classes: want 1 to %d", len(classes), maxClasses)
	}
	for _, c := range classes {
		if len(c.In) != len(lines) {
			return fmt.Errorf("class %q labels %d lines, there are %d", c.Name, len(c.In), len(lines))
		}
		if c.Skip != nil && len(c.Skip) != len(lines) {
			return fmt.Errorf("class %q skips among %d lines, there are %d", c.Name, len(c.Skip), len(lines))
		}
	}
	if opts.Words < 1 && opts.CharMax < 1 {
		return errors.New("no features chosen")
	}
	return nil
}

func hashLines(lines []Line, opts Options) [][]gram {
	out := make([][]gram, len(lines))
	for i, l := range lines {
		text := l.Text
		if opts.Normalize != nil {
			text = opts.Normalize(text)
		}
		out[i] = opts.grams(nil, text, l.Extra)
	}
	return out
}

func fit(ctx context.Context, hashed [][]gram, lines []Line, classes []Class, opts Options) (*Model, error) {
	v := newVocabulary(hashed)
	data := v.dataset(hashed)
	weights := make([]classWeights, len(classes))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(opts.Workers)
	for k, c := range classes {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			p := problem{
				data: data, in: c.In, costs: costs(lines, c, opts.C), seed: opts.Seed,
				tolerance: opts.Tolerance, passes: opts.Passes,
			}
			w, bias := p.solve()
			weights[k] = quantize(c.Name, w, bias, opts.Prune)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	return Open(encode(v, weights, opts), opts.Normalize)
}

func costs(lines []Line, c Class, base float64) []float64 {
	out := make([]float64, len(lines))
	for i, l := range lines {
		out[i] = base
		if l.Cost != 0 {
			out[i] *= l.Cost
		}
		if c.Cost != 0 && c.In[i] {
			out[i] *= c.Cost
		}
		if c.Skip != nil && c.Skip[i] {
			out[i] = 0
		}
	}
	return out
}

// classWeights are one class's weights in whole steps of its scale.
type classWeights struct {
	name   string
	scale  float32
	bias   float32
	terms  []int32 // ascending
	values []int8
}

// quantize rounds weights to 127 steps on either side of zero.
func quantize(name string, w []float64, bias, prune float64) classWeights {
	var largest float64
	for _, x := range w {
		largest = max(largest, x, -x)
	}
	q := classWeights{name: name, bias: float32(bias), scale: float32(largest / 127)}
	for i, x := range w {
		if max(x, -x) < prune || largest == 0 {
			continue
		}
		if step := roundHalfAway(x / float64(q.scale)); step != 0 {
			q.terms = append(q.terms, int32(i))
			q.values = append(q.values, int8(step))
		}
	}
	return q
}

func roundHalfAway(x float64) int {
	if x < 0 {
		return max(-int(0.5-x), -127)
	}
	return min(int(0.5+x), 127)
}
