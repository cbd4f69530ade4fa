package kb

import (
	"context"
	"math"
	"slices"

	"kapbot/kb/classify"
)

// mostFitted is how many topics and subjects of added documents the model is
// fitted for when they are opened: it takes time by their number. In a larger
// library, those of added documents are found by search.
const mostFitted = 40

// How much of a question a topic of such a library must hold, by the weight of
// the words, to answer it, and to be offered. Less is left to the model.
const (
	holdsEnough = 0.85
	holdsMuch   = 0.55
)

// textShare is how much a word of a question counts that stands in a topic's text
// and not in one of its questions.
const textShare = 0.8

// bySearch puts the topics of added documents that hold most of a question before
// those that the model found, unless the model is surer. The share that the first
// one holds stands in for its probability.
func (l *Library) bySearch(ctx context.Context, text string, r Ranking) (Ranking, error) {
	q, err := l.ask(ctx, text)
	if err != nil {
		return r, err
	}
	found, err := l.find(ctx, q, nearby)
	if err != nil {
		return r, err
	}
	var topics []*Topic
	var shares []float64
	for _, f := range found {
		e := l.entries[f.entry]
		if e.topic == nil || e.topic.Document == l.docs[0] {
			continue
		}
		share := l.held(q, e)
		at, _ := slices.BinarySearchFunc(shares, share, func(a, b float64) int {
			if a >= b {
				return -1
			}
			return 1
		})
		shares = slices.Insert(shares, at, share)
		topics = slices.Insert(topics, at, e.topic)
	}
	if len(topics) == 0 || shares[0] < holdsMuch || r.Verdict == classify.Sure && r.Probability >= shares[0] {
		return r, nil
	}
	r.Topics = append(topics, r.Topics...)
	r.Probability, r.Verdict = shares[0], classify.Likely
	if shares[0] >= holdsEnough {
		r.Verdict = classify.Sure
	}
	return r, nil
}

// held is the share of a question's words, weighed by how rare they are, that an
// entry holds: in one of its questions, or, for less, anywhere.
func (l *Library) held(q question, e entry) float64 {
	counts := map[string]int{}
	for _, t := range q.terms {
		counts[t.text] = t.count()
	}
	words := slices.Compact(slices.Sorted(slices.Values(q.words)))
	a := l.analysed(e)
	n := float64(len(l.entries))
	var all, anywhere float64
	inOne := make([]float64, len(a.passages))
	for _, w := range words {
		weight := math.Log(1 + (n+0.5)/(float64(counts[w])+0.5))
		all += weight
		somewhere := false
		for i, terms := range a.terms {
			if slices.Contains(terms, w) {
				somewhere = true
				if a.passages[i].Kind.asks() {
					inOne[i] += weight
				}
			}
		}
		if somewhere {
			anywhere += weight
		}
	}
	if all == 0 {
		return 0
	}
	return max(slices.Max(inOne), textShare*anywhere) / all
}
