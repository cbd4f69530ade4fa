package kb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
	lru "github.com/hashicorp/golang-lru/v2"

	"kapbot/kb/classify"
)

// Options says what a Library holds. The zero value is the built-in document.
type Options struct {
	// Documents are the paths of Markdown files to add to the built-in one.
	Documents []string
	// Cache is a directory in which what takes long to make is kept, so that it is
	// not made at every start: what was fitted for added documents, the index of
	// a large library. It is made if it is not there. With "", nothing is written.
	Cache string
}

// Library holds documents and finds things in them. It is safe for concurrent
// use and never changes once it is open.
type Library struct {
	docs     []*Document
	topics   []*Topic
	byID     map[string]*Topic
	subjects map[string]*Subject
	studies  []*Topic
	entries  []entry
	exact    exactly

	model      *classify.Model
	unfitted   bool // the model does not know the added documents
	index      bleve.Index
	reader     index.IndexReader      // of index, for looking terms up
	fuzzy      index.IndexReaderFuzzy // the same
	statistics *search.BM25Stats
	analyzer   analysis.Analyzer
	words      analysis.Analyzer
	thesaurus  *thesaurus
	lately     *lru.Cache[entry, analysed]
	near       *lru.Cache[*Topic, []*Topic]
	uncached   error
	revision   string
}

// Open reads the documents and builds their index. If documents are bad, the
// error holds Problems, the mistakes of all of them. Close frees the index.
func Open(ctx context.Context, o Options) (*Library, error) {
	builtin, err := Builtin()
	if err != nil {
		return nil, fmt.Errorf("read the built-in document: %w", err)
	}
	docs := []*Document{builtin}
	hash := sha256.New()
	hash.Write(builtinSource)
	var problems Problems
	for _, path := range o.Documents {
		src, err := readDocument(path)
		if err != nil {
			return nil, err
		}
		doc, err := Parse(path, src)
		var ps Problems
		if errors.As(err, &ps) {
			problems = append(problems, ps...)
			continue
		}
		doc.qualify()
		for _, d := range docs {
			if d.ID == doc.ID {
				problems = append(problems, Problem{File: path, Line: 1,
					What: fmt.Sprintf("another document has the id %q too", doc.ID), Mend: "give one of them another id"})
			}
		}
		docs = append(docs, doc)
		hash.Write(src)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	l := newLibrary(docs)
	if l.model, err = modelFor(ctx, docs, o.Cache); err != nil {
		return nil, err
	}
	l.unfitted = len(additions(docs)) > mostFitted
	sum := hex.EncodeToString(hash.Sum(nil))
	l.revision = sum[:12]
	if err := l.build(ctx, o.Cache, sum); err != nil {
		return nil, err
	}
	return l, nil
}

// readDocument reads a file without taking in one that is far too large.
func readDocument(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read document: %s is a folder; name a Markdown file in it", path)
	}
	if info.Size() > MaxSize {
		return nil, Problems{{File: filepath.Clean(path), Line: 1,
			What: fmt.Sprintf("the document is %d bytes long, larger than 1 MiB", info.Size()), Mend: "split it into several documents"}}
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return src, nil
}

// newLibrary lists what docs hold. A topic of an added document whose own name
// is a subject's id takes that subject over.
func newLibrary(docs []*Document) *Library {
	l := &Library{docs: docs, byID: map[string]*Topic{}, subjects: map[string]*Subject{}}
	taken := map[string]bool{}
	for _, d := range docs {
		for _, t := range d.Topics {
			l.topics = append(l.topics, t)
			l.byID[t.ID] = t
			taken[t.Name] = true
			if t.Study != nil {
				l.studies = append(l.studies, t)
			}
		}
	}
	for _, d := range docs {
		for _, t := range d.Topics {
			l.entries = append(l.entries, entry{topic: t})
		}
		for _, s := range d.Subjects {
			if !taken[s.Name()] {
				l.subjects[s.ID] = s
				l.entries = append(l.entries, entry{subject: s})
			}
		}
	}
	l.exact = newExactly(l.entries)
	return l
}

// remembered is how many topics are kept analysed.
const remembered = 2048

// build opens the index kept in the cache for documents with that hash, or
// builds one in memory.
func (l *Library) build(ctx context.Context, dir, documents string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if dir != "" && l.large() {
		idx, err := l.fromCache(ctx, dir, documents)
		if err == nil {
			return l.use(idx)
		}
		if ctx.Err() != nil {
			return err
		}
		l.uncached = err
	}
	idx, err := newIndex(l.entries)
	if err != nil {
		return err
	}
	return l.use(idx)
}

func (l *Library) fromCache(ctx context.Context, dir, documents string) (bleve.Index, error) {
	c, err := newCache(dir, documents, l.entries)
	if err != nil {
		return nil, err
	}
	return c.open(ctx)
}

// large reports whether the library has more passages than are indexed at every
// start.
func (l *Library) large() bool {
	n := 0
	for _, e := range l.entries {
		if n += len(e.passages()); n > small {
			return true
		}
	}
	return false
}

// use makes idx the library's index.
func (l *Library) use(idx bleve.Index) error {
	advanced, err := idx.Advanced()
	if err != nil {
		return fmt.Errorf("open index: %w", discard(idx, err))
	}
	if l.reader, err = advanced.Reader(); err != nil {
		return fmt.Errorf("open index: %w", discard(idx, err))
	}
	fuzzy, ok := l.reader.(index.IndexReaderFuzzy)
	if !ok {
		return discard(idx, errors.New("open index: it cannot look for slips"))
	}
	l.index, l.fuzzy = idx, fuzzy
	l.statistics = statistics(l.entries)
	l.analyzer = idx.Mapping().AnalyzerNamed(englishAnalyzer)
	l.words = idx.Mapping().AnalyzerNamed(wordAnalyzer)
	var groups [][]string
	for _, d := range l.docs {
		groups = append(groups, d.Synonyms...)
	}
	l.thesaurus = newThesaurus(l.analyzer, l.words, groups)
	if l.lately, err = lru.New[entry, analysed](remembered); err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	if l.near, err = lru.New[*Topic, []*Topic](remembered); err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	return nil
}

// Close frees the index. Nothing may search the library afterwards.
func (l *Library) Close() error { return errors.Join(l.reader.Close(), l.index.Close()) }

// CacheProblem says why the index of a large library could not be kept in the
// cache; nil if it is kept, or if there is no need to.
func (l *Library) CacheProblem() error { return l.uncached }

// Topics lists all topics in reading order. Callers must not change them.
func (l *Library) Topics() []*Topic { return l.topics }

// Topic returns the topic with that id, or nil.
func (l *Library) Topic(id string) *Topic { return l.byID[id] }

// Subject returns the subject that is not covered with that id, or nil.
func (l *Library) Subject(id string) *Subject { return l.subjects[id] }

// Documents lists the documents, the built-in one first.
func (l *Library) Documents() []*Document { return l.docs }

// Revision is a short hash of all documents: it changes when one of them does.
func (l *Library) Revision() string { return l.revision }
