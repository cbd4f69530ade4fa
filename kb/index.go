package kb

import (
	"fmt"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// batchSize is how many passages go to bleve at once: enough to keep its
// segments few, little enough to keep memory flat while a large document is read.
const batchSize = 4096

// newIndex builds an index of passages in memory, with the synonyms of docs.
// The name of a passage in it is its place in the slice.
func newIndex(passages []Passage, groups [][]string) (bleve.Index, error) {
	m, err := newMapping()
	if err != nil {
		return nil, fmt.Errorf("set up analyzers: %w", err)
	}
	idx, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("create index: %w", err)
	}
	if err := fill(idx, passages, groups); err != nil {
		_ = idx.Close()
		return nil, err
	}
	return idx, nil
}

func fill(idx bleve.Index, passages []Passage, groups [][]string) error {
	batch := idx.NewBatch()
	for i, p := range passages {
		fields := map[string]any{string(p.Kind): p.Text, topicField: p.ID()}
		if p.Topic != nil && (p.Kind == HeadingPassage || p.Kind == AlsoPassage) {
			fields[completeField] = p.Text
		}
		if err := batch.Index(strconv.Itoa(i), fields); err != nil {
			return fmt.Errorf("index passage of %s: %w", p.ID(), err)
		}
		if batch.Size() >= batchSize {
			if err := idx.Batch(batch); err != nil {
				return fmt.Errorf("write index: %w", err)
			}
			batch.Reset()
		}
	}
	for i, words := range groups {
		def := &bleve.SynonymDefinition{Synonyms: words}
		if err := batch.IndexSynonym("synonyms-"+strconv.Itoa(i), synonyms, def); err != nil {
			return fmt.Errorf("index synonyms %q: %w", words, err)
		}
	}
	if err := idx.Batch(batch); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}
