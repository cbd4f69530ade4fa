package linear

import (
	"cmp"
	"math"
	"slices"
)

// Reason is an n-gram of a text and what it adds to a class's margin.
type Reason struct {
	Gram   string
	Weight float64
}

// Explanation of a class's margin: the sum of all reasons and the bias.
type Explanation struct {
	Class   string
	Margin  float64
	Bias    float64
	For     []Reason // strongest first
	Against []Reason // strongest first
}

// Explain names up to n n-grams on either side that moved the margin of class.
func (m *Model) Explain(class, n int, text string, extra ...string) Explanation {
	if m.normalize != nil {
		text = m.normalize(text)
	}
	found, _ := m.find(text, extra)
	spelling := m.spellings(text, extra)
	c := m.header.Classes[class]
	out := Explanation{Class: c.Name, Bias: float64(c.Bias), Margin: float64(c.Bias)}
	for _, e := range found {
		w := m.weight(e, class) * float64(c.Scale)
		out.Margin += w
		switch r := (Reason{Gram: spelling[e.hash], Weight: w}); {
		case w > 0:
			out.For = append(out.For, r)
		case w < 0:
			out.Against = append(out.Against, r)
		}
	}
	out.For, out.Against = strongest(out.For, n), strongest(out.Against, n)
	return out
}

func (m *Model) weight(e entry, class int) float64 {
	for at := e.posting; at < e.posting+2*e.count; at += 2 {
		if int(m.postings[at]) == class {
			return float64(e.value) * float64(int8(m.postings[at+1]))
		}
	}
	return 0
}

func (m *Model) spellings(text string, extra []string) map[uint32]string {
	out := make(map[uint32]string)
	plain := canonical(text)
	m.header.Features.each(plain, func(g group, hash uint32, from, to int) {
		out[hash] = string(plain[from:to])
	})
	for _, e := range extra {
		out[hashExtra(e)] = e
	}
	return out
}

func strongest(r []Reason, n int) []Reason {
	slices.SortFunc(r, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), cmp.Compare(a.Gram, b.Gram))
	})
	return r[:min(n, len(r))]
}
