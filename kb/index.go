package kb

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search"
)

// The fields of the index.
const (
	titleField    = "title"    // questions, titles and wordings
	textField     = "text"     // sentences, items and records
	wordField     = "word"     // all words as they are written, to mend slips by
	completeField = "complete" // questions, by the beginnings of their words
)

// searched are the fields that a question is searched in, each with its boost: a
// title says what a topic is about, so it counts double.
var searched = [...]struct {
	name  string
	boost float64
}{{titleField, 2}, {textField, 1}}

// batchSize is how many entries go to bleve at once: each batch becomes a
// segment, and every search asks every segment.
const batchSize = 16384

// newIndex builds an index of entries in memory. The name of an entry in it is
// its place in the slice.
func newIndex(entries []entry) (bleve.Index, error) {
	m, err := newMapping()
	if err != nil {
		return nil, fmt.Errorf("set up analyzers: %w", err)
	}
	idx, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("create index: %w", err)
	}
	batch := idx.NewBatch()
	for i, e := range entries {
		if err := batch.Index(strconv.Itoa(i), e.fields()); err != nil {
			return nil, fmt.Errorf("index %s: %w", e.id(), discard(idx, err))
		}
		if batch.Size() >= batchSize || i == len(entries)-1 {
			if err := idx.Batch(batch); err != nil {
				return nil, fmt.Errorf("write index: %w", discard(idx, err))
			}
			batch.Reset()
		}
	}
	return idx, nil
}

// discard closes an index that could not be built and returns why.
func discard(idx bleve.Index, why error) error {
	_ = idx.Close()
	return why
}

func (e entry) id() string {
	if e.topic != nil {
		return e.topic.ID
	}
	return e.subject.ID
}

// fields are what the index reads of an entry.
func (e entry) fields() map[string]any {
	var titles, texts []string
	for _, p := range e.passages() {
		if p.Kind.asks() {
			titles = append(titles, p.Text)
		} else {
			texts = append(texts, p.Text)
		}
	}
	fields := map[string]any{titleField: titles, textField: texts, wordField: append(titles, texts...)}
	if e.topic != nil {
		fields[completeField] = titles
	}
	return fields
}

// kept is about the share of a text's words that the analyzer does not drop.
const kept = 0.6

// statistics are what BM25 needs to know of the whole index. Bleve takes the
// number of a field's different terms for the number of all its words, which
// makes an average length of one word and every longer text look bad, so it is
// told: the mean length of the field, over the entries that have it.
func statistics(entries []entry) *search.BM25Stats {
	var words, having [len(searched)]int
	for _, e := range entries {
		var own [len(searched)]int
		for _, p := range e.passages() {
			field := 1
			if p.Kind.asks() {
				field = 0
			}
			own[field] += strings.Count(p.Text, " ") + 1
		}
		for f, n := range own {
			if n > 0 {
				words[f] += n
				having[f]++
			}
		}
	}
	n := float64(len(entries))
	s := &search.BM25Stats{DocCount: n, FieldCardinality: map[string]int{}}
	for f, field := range searched {
		mean := kept * float64(words[f]) / float64(max(1, having[f]))
		s.FieldCardinality[field.name] = int(mean * n)
	}
	s.FieldCardinality[completeField] = beginning * s.FieldCardinality[titleField]
	return s
}
