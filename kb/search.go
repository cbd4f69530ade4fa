package kb

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// hitsPerTopic bounds how many passages are looked at for each topic asked for.
const hitsPerTopic = 6

// Hit is a topic or subject that a question may be about.
type Hit struct {
	Topic   *Topic   // nil if Subject is set
	Subject *Subject // nil if Topic is set
	Score   float64  // BM25 of the best passage; comparable within one search only
	Passage Passage  // the best passage
}

// ID is the id of the topic or subject.
func (h Hit) ID() string { return h.Passage.ID() }

// Search finds up to n topics and subjects, best first. A question without a
// word that says anything finds none.
func (l *Library) Search(ctx context.Context, question string, n int) ([]Hit, error) {
	p := l.parseQuery(question)
	if len(p.words) == 0 || n <= 0 {
		return nil, nil
	}
	ranked, err := l.run(ctx, p.query(textFields), n*hitsPerTopic)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	seen := map[string]bool{}
	for _, r := range ranked {
		if id := r.Passage.ID(); !seen[id] && len(hits) < n {
			seen[id] = true
			hits = append(hits, r)
		}
	}
	return hits, nil
}

// Best returns the passage of topic's text that comes nearest to the question,
// or "" if none shares a word with it.
func (l *Library) Best(ctx context.Context, topic *Topic, question string) (string, error) {
	p := l.parseQuery(question)
	if len(p.words) == 0 {
		return "", nil
	}
	only := bleve.NewTermQuery(topic.ID)
	only.SetField(topicField)
	only.SetBoost(0)
	text := p.query([]PassageKind{SentencePassage, ItemPassage})
	ranked, err := l.run(ctx, bleve.NewConjunctionQuery(only, text), 1)
	if err != nil || len(ranked) == 0 {
		return "", err
	}
	return ranked[0].Passage.Text, nil
}

// Complete lists up to n topics, one of whose questions fits what a person has
// typed so far.
func (l *Library) Complete(ctx context.Context, typed string, n int) ([]*Topic, error) {
	q := bleve.NewMatchQuery(typed)
	q.SetField(completeField)
	q.Analyzer = typedAnalyzer
	q.SetOperator(query.MatchQueryOperatorAnd)
	ranked, err := l.run(ctx, q, n*hitsPerTopic)
	if err != nil {
		return nil, err
	}
	var topics []*Topic
	seen := map[*Topic]bool{}
	for _, r := range ranked {
		if t := r.Topic; t != nil && !seen[t] && len(topics) < n {
			seen[t] = true
			topics = append(topics, t)
		}
	}
	return topics, nil
}

func (l *Library) run(ctx context.Context, q query.Query, size int) ([]Hit, error) {
	req := bleve.NewSearchRequestOptions(q, size, 0, false)
	req.SortBy([]string{"-_score", "_id"}) // bleve leaves the order of equals to chance
	res, err := l.index.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	hits := make([]Hit, 0, len(res.Hits))
	order := make([]int, 0, len(res.Hits)) // the places of the passages in the documents
	for _, h := range res.Hits {
		i, err := strconv.Atoi(h.ID)
		if err != nil || i < 0 || i >= len(l.passages) {
			return nil, fmt.Errorf("search: index names a passage %q that is not there", h.ID)
		}
		p := l.passages[i]
		hits = append(hits, Hit{Topic: p.Topic, Subject: p.Subject, Score: h.Score, Passage: p})
		order = append(order, i)
	}
	sort.Stable(byScore{hits, order})
	return hits, nil
}

// byScore sorts hits, best first. Bleve adds up a score in no fixed order, so that
// equal hits differ in the last bits from one search to the next; those come in
// the order of the documents.
type byScore struct {
	hits  []Hit
	order []int
}

func (s byScore) Len() int { return len(s.hits) }

func (s byScore) Swap(i, j int) {
	s.hits[i], s.hits[j] = s.hits[j], s.hits[i]
	s.order[i], s.order[j] = s.order[j], s.order[i]
}

func (s byScore) Less(i, j int) bool {
	a, b := math.Round(s.hits[i].Score*1e6), math.Round(s.hits[j].Score*1e6)
	if a != b {
		return a > b
	}
	return s.order[i] < s.order[j]
}
