package kb

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// enough bounds how many postings may bring entries up: rare words do, and the
// common ones of a large library then only add to the score of what is up.
const enough = 4096

// spare is how many more entries are looked at than are asked for, so that equal
// ones at the end are not cut by chance.
const spare = 8

// Hit is a topic or subject that a question may be about.
type Hit struct {
	Topic   *Topic   // nil if Subject is set
	Subject *Subject // nil if Topic is set
	Score   float64  // BM25; comparable within one search only
	Passage Passage  // what comes nearest to the question in it
}

// ID is the id of the topic or subject.
func (h Hit) ID() string { return h.Passage.ID() }

// Search finds up to n topics and subjects, best first; equal ones in the order
// of the documents. A question without a word that says anything finds none.
func (l *Library) Search(ctx context.Context, text string, n int) ([]Hit, error) {
	q, err := l.ask(ctx, text)
	if err != nil || n <= 0 {
		return nil, err
	}
	found, err := l.find(ctx, q, n)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, len(found))
	for i, f := range found {
		e := l.entries[f.entry]
		hits[i] = Hit{Topic: e.topic, Subject: e.subject, Score: f.score, Passage: l.nearest(q, e)}
	}
	return hits, nil
}

// found is an entry that a search brings up.
type found struct {
	entry int
	score float64
}

// find asks the index for the n best entries.
func (l *Library) find(ctx context.Context, q question, n int) ([]found, error) {
	request := q.query()
	if request == nil {
		return nil, nil
	}
	all, err := l.run(ctx, request, n+spare)
	return all[:min(n, len(all))], err
}

// clause is a term to look for in a field.
type clause struct {
	query *query.TermQuery
	count int
}

// query makes what bleve searches by: any of the rare words, and the common ones
// if they are there; nil if the index has none of the words.
func (q question) query() query.Query {
	var all []clause
	for _, t := range q.terms {
		for f, field := range searched {
			if t.counts[f] > 0 {
				one := bleve.NewTermQuery(t.text)
				one.SetField(field.name)
				one.SetBoost(field.boost * t.weight)
				all = append(all, clause{one, t.counts[f]})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b clause) int { return a.count - b.count })
	rare, common := bleve.NewDisjunctionQuery(), bleve.NewDisjunctionQuery()
	postings := 0
	for i, c := range all {
		if postings += c.count; i == 0 || postings <= enough {
			rare.AddQuery(c.query)
		} else {
			common.AddQuery(c.query)
		}
	}
	switch {
	case len(all) == 0:
		return nil
	case len(common.Disjuncts) == 0:
		return rare
	default:
		both := bleve.NewBooleanQuery()
		both.AddMust(rare)
		both.AddShould(common.Disjuncts...)
		return both
	}
}

func (l *Library) run(ctx context.Context, q query.Query, size int) ([]found, error) {
	req := bleve.NewSearchRequestOptions(q, size, 0, false)
	req.PreSearchData = map[string]any{search.BM25PreSearchDataKey: l.statistics}
	res, err := l.index.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	all := make([]found, 0, len(res.Hits))
	for _, h := range res.Hits {
		i, err := strconv.Atoi(h.ID)
		if err != nil || i < 0 || i >= len(l.entries) {
			return nil, fmt.Errorf("search: index names an entry %q that is not there", h.ID)
		}
		all = append(all, found{i, h.Score})
	}
	slices.SortStableFunc(all, best)
	return all, nil
}

// best puts entries in order, best first. Bleve adds up a score in no fixed order,
// so that equal ones differ in the last bits from one search to the next; those
// come in the order of the documents.
func best(a, b found) int {
	x, y := math.Round(a.score*1e6), math.Round(b.score*1e6)
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	default:
		return a.entry - b.entry
	}
}
