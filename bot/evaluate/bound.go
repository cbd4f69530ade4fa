package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bound is what a figure must reach, or must not exceed.
type Bound struct {
	Figure string
	Value  float64
	Max    bool
}

// ParseBounds reads bounds such as "top1=0.9,abstained=0.95"; they are upper
// ones if upper is set.
func ParseBounds(text string, upper bool) ([]Bound, error) {
	var all []Bound
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, number, ok := strings.Cut(part, "=")
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		name = strings.TrimSpace(name)
		if !ok || err != nil || math.IsNaN(v) || v < 0 || v > 1 {
			return nil, fmt.Errorf("%q is no bound; write it as top1=0.9, a figure and a share from 0 to 1", part)
		}
		if !slices.Contains(names(), name) {
			return nil, fmt.Errorf("there is no figure %q; use one of %s", name, strings.Join(names(), ", "))
		}
		all = append(all, Bound{Figure: name, Value: v, Max: upper})
	}
	return all, nil
}

// names lists the shares that a bound may hold.
func names() []string {
	var all []string
	for _, f := range append((&tally{}).figures(), (&outcome{}).figures()...) {
		if !f.Count && !slices.Contains(all, f.Name) {
			all = append(all, f.Name)
		}
	}
	return all
}

// Check says, a line each, which bounds the results do not keep. A bound counts
// for every file and every group in it that measures its figure; one that
// nothing measures is not kept.
func Check(results []Result, bounds []Bound) []string {
	var broken []string
	for _, b := range bounds {
		measured := false
		check := func(where string, fs Figures) {
			v, ok := fs.Get(b.Figure)
			measured = measured || ok
			if ok && !b.Max && v < b.Value {
				broken = append(broken, fmt.Sprintf("%s: %s is %.4f, less than %g", where, b.Figure, v, b.Value))
			}
			if ok && b.Max && v > b.Value {
				broken = append(broken, fmt.Sprintf("%s: %s is %.4f, more than %g", where, b.Figure, v, b.Value))
			}
		}
		for _, r := range results {
			check(r.Name, r.Labelled)
			for _, g := range r.Expected {
				check(r.Name+": "+g.Name, g.Figures)
			}
		}
		if !measured {
			broken = append(broken, fmt.Sprintf("%s was measured in no file", b.Figure))
		}
	}
	return broken
}
