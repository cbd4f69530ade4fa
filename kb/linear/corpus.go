package linear

import (
	"cmp"
	"math"
	"slices"
)

// Line is one text to learn from.
type Line struct {
	Text string
	// Extra are features that are not in the text, such as "prior:cost".
	Extra []string
	// Cost says how much a mistake on this line weighs; 0 means 1.
	Cost float64
	// Group keeps lines that resemble one another in the same fold of a
	// cross-validation; empty means that the line stands for itself.
	Group string
}

// merge sorts grams by hash and adds up equal ones, in place.
func merge(grams []gram) []gram {
	sortByHash(grams)
	out := grams[:0]
	for _, g := range grams {
		if n := len(out); n > 0 && out[n-1].hash == g.hash {
			if out[n-1].count < math.MaxUint16 {
				out[n-1].count++
			}
			continue
		}
		out = append(out, g)
	}
	return out
}

// sortByHash sorts in place. Hashes are even, so that counting their bytes
// sorts a long text's n-grams several times as fast as comparing them.
func sortByHash(grams []gram) {
	const few = 256
	if len(grams) < few {
		slices.SortFunc(grams, func(a, b gram) int { return cmp.Compare(a.hash, b.hash) })
		return
	}
	from, to := grams, make([]gram, len(grams))
	for shift := 0; shift < 32; shift += 8 {
		var next [256]int
		for _, g := range from {
			next[uint8(g.hash>>shift)]++
		}
		at := 0
		for b, n := range next {
			next[b], at = at, at+n
		}
		for _, g := range from {
			b := uint8(g.hash >> shift)
			to[next[b]] = g
			next[b]++
		}
		from, to = to, from
	}
}

// term is what is known of an n-gram before any class is learned.
type term struct {
	hash uint32
	idf  uint8 // in sixteenths
}

// idfStep is the unit of a stored inverse document frequency. Rounding it
// before the fit, not after, makes the stored model the one that was fitted.
const idfStep = 1.0 / 16

// vocabulary numbers the n-grams of some lines, the most frequent first: the
// weights looked at most often then lie side by side in the cache.
type vocabulary struct {
	terms []term
	index map[uint32]int32
	lines int
}

func newVocabulary(lines [][]gram) *vocabulary {
	df := make(map[uint32]int32)
	for _, grams := range lines {
		for _, g := range grams {
			df[g.hash]++
		}
	}
	hashes := make([]uint32, 0, len(df))
	for h := range df {
		hashes = append(hashes, h)
	}
	slices.SortFunc(hashes, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(df[b], df[a]), cmp.Compare(a, b))
	})
	v := &vocabulary{
		terms: make([]term, len(hashes)),
		index: make(map[uint32]int32, len(hashes)),
		lines: len(lines),
	}
	for i, h := range hashes {
		v.terms[i] = term{hash: h, idf: quantizedIDF(len(lines), int(df[h]))}
		v.index[h] = int32(i)
	}
	return v
}

// quantizedIDF is ln((1+lines)/(1+df))+1, the smoothed inverse document
// frequency, in sixteenths.
func quantizedIDF(lines, df int) uint8 {
	idf := math.Log(float64(1+lines)/float64(1+df)) + 1
	return uint8(min(math.Round(idf/idfStep), math.MaxUint8))
}

// dataset is lines as sparse vectors, row by row.
type dataset struct {
	start []int // row i is columns[start[i]:start[i+1]]
	cols  []int32
	vals  []float32
	width int
}

func (v *vocabulary) dataset(lines [][]gram) *dataset {
	d := &dataset{start: make([]int, 1, len(lines)+1), width: len(v.terms)}
	for _, grams := range lines {
		row := len(d.vals)
		var norms [groups]float32
		for _, g := range grams {
			i := v.index[g.hash]
			x := value(g, v.terms[i].idf)
			norms[g.group] += float32(x * x)
			d.cols = append(d.cols, i)
			d.vals = append(d.vals, x)
		}
		scale := scales(norms)
		for k, g := range grams {
			d.vals[row+k] *= scale[g.group]
		}
		d.start = append(d.start, len(d.vals))
	}
	return d
}

// value is an n-gram's weight in its text before scaling.
func value(g gram, idf uint8) float32 {
	if g.group == extraGroup {
		return 1
	}
	tf := float32(1)
	if g.count > 1 {
		tf += float32(math.Log(float64(g.count)))
	}
	return float32(tf * float32(idf) * idfStep)
}

// extraWeight is the length of an extra feature beside a text's vector, whose
// length is 1.
const extraWeight = 0.5

// scales brings the words and the characters of a text to the length √½ each,
// so that the text as a whole has length 1.
func scales(squares [groups]float32) [groups]float32 {
	var s [groups]float32
	for g := range groups {
		if squares[g] > 0 {
			s[g] = float32(math.Sqrt(0.5 / float64(squares[g])))
		}
	}
	s[extraGroup] = extraWeight
	return s
}
