package linear

import (
	"encoding/binary"
	"math"
)

// Model gives a text one margin a class. It reads its weights from the bytes
// it was opened with, and may be used by many goroutines at once.
type Model struct {
	header    header
	normalize func(string) string
	data      []byte

	buckets, keys, idf, counts, postings []byte
}

// Bytes is the model as [Open] reads it. They must not be changed.
func (m *Model) Bytes() []byte { return m.data }

// Meta is what the caller kept in the model when it was fitted.
func (m *Model) Meta() []byte { return m.header.Meta }

// Len is the number of classes.
func (m *Model) Len() int { return len(m.header.Classes) }

// Class is the name of class i.
func (m *Model) Class(i int) string { return m.header.Classes[i].Name }

// Grams is the number of different n-grams that the model knows.
func (m *Model) Grams() int { return m.header.Keys }

// WithMeta is the same model with other bytes of the caller's.
func (m *Model) WithMeta(meta []byte) *Model {
	h := m.header
	h.Meta = meta
	terms := make([]term, h.Keys)
	postings := make([][]posting, h.Keys)
	at := 0
	for i := range terms {
		terms[i] = term{hash: binary.LittleEndian.Uint32(m.keys[4*i:]), idf: m.idf[i]}
		for range m.counts[i] {
			postings[i] = append(postings[i], posting{m.postings[at], int8(m.postings[at+1])})
			at += 2
		}
	}
	out, err := Open(h.encode(terms, postings), m.normalize)
	if err != nil {
		panic("linear: re-encoded model does not open: " + err.Error())
	}
	return out
}

// Score is what a model says about one text.
type Score struct {
	// Margins, one a class: the distance from the border, positive for "in".
	Margins []float64
	// Seen and Unseen count the text's different n-grams that occurred, and
	// that did not occur, in the lines the model was fitted on.
	Seen, Unseen int
	// UnseenWords is the share of the text's words, in [0, 1], that did not.
	UnseenWords float64
}

// UnseenShare is the part of the text, in [0, 1], that the model has never
// seen; 1 for a text without n-grams.
func (s Score) UnseenShare() float64 {
	if s.Seen+s.Unseen == 0 {
		return 1
	}
	return float64(s.Unseen) / float64(s.Seen+s.Unseen)
}

// Score gives the margins of a text and its extra features.
func (m *Model) Score(text string, extra ...string) Score {
	if m.normalize != nil {
		text = m.normalize(text)
	}
	found, score := m.find(text, extra)
	var sums [maxClasses]float32
	for _, f := range found {
		for at := f.posting; at < f.posting+2*f.count; at += 2 {
			sums[m.postings[at]] += float32(f.value * float32(int8(m.postings[at+1])))
		}
	}
	score.Margins = make([]float64, m.Len())
	for i, c := range m.header.Classes {
		score.Margins[i] = float64(float32(sums[i]*c.Scale) + c.Bias)
	}
	return score
}

// entry is an n-gram of a text that the model knows.
type entry struct {
	hash    uint32
	group   group
	value   float32 // scaled
	posting int     // where its postings begin
	count   int
}

// find looks up the n-grams of a text and scales their values.
func (m *Model) find(text string, extra []string) ([]entry, Score) {
	var score Score
	grams := m.header.Features.grams(make([]gram, 0, 8*len(text)+8), text, extra)
	found := make([]entry, 0, len(grams))
	var squares [groups]float32
	unseen := quantizedIDF(m.header.Lines, 0)
	for _, g := range grams {
		e, idf, ok := m.lookup(g)
		if !ok {
			score.Unseen++
			x := value(g, unseen)
			squares[g.group] += float32(x * x * float32(m.header.UnseenWeight))
			continue
		}
		score.Seen++
		e.value = value(g, idf)
		squares[g.group] += float32(e.value * e.value)
		found = append(found, e)
	}
	scale := scales(squares)
	for i := range found {
		found[i].value *= scale[found[i].group]
	}
	score.UnseenWords = m.unseenWords(text)
	return found, score
}

// unseenWords is the share of single words that the model does not know.
func (m *Model) unseenWords(text string) float64 {
	var words, unseen int
	Features{Words: 1}.each(canonical(text), func(g group, hash uint32, _, _ int) {
		words++
		if _, _, ok := m.lookup(gram{hash: hash, group: g}); !ok {
			unseen++
		}
	})
	if words == 0 {
		return 1
	}
	return float64(unseen) / float64(words)
}

func (m *Model) lookup(g gram) (e entry, idf uint8, ok bool) {
	b := bucket(g.hash, m.header.Bits)
	key, posting := m.bucketAt(b)
	end, _ := m.bucketAt(b + 1)
	for ; key < end; key++ {
		h := binary.LittleEndian.Uint32(m.keys[4*key:])
		count := int(m.counts[key])
		if h == g.hash {
			return entry{hash: h, group: g.group, posting: 2 * posting, count: count}, m.idf[key], true
		}
		if h > g.hash {
			break
		}
		posting += count
	}
	return entry{}, 0, false
}

// Sigmoid is the logistic function.
func Sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
