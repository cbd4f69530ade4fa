package kb

import (
	"context"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// completions is how many topics that fit are put in order.
const completions = 64

// Complete lists up to n topics, one of whose questions fits what a person has
// typed so far: each word the beginning of one of its words. A question that
// begins so comes first, then the one that fits soonest, then the shorter one.
// If nothing fits, a slip of the finger in each word is allowed.
func (l *Library) Complete(ctx context.Context, typed string, n int) ([]*Topic, error) {
	if n <= 0 || Simplify(typed) == "" {
		return nil, nil
	}
	for slips := range 2 {
		q := bleve.NewMatchQuery(typed)
		q.SetField(completeField)
		q.Analyzer = typedAnalyzer
		q.SetOperator(query.MatchQueryOperatorAnd)
		q.SetFuzziness(slips)
		q.SetPrefix(slips)
		all, err := l.run(ctx, q, max(n, completions))
		if err != nil {
			return nil, err
		}
		if len(all) > 0 {
			return l.ordered(all, Simplify(typed), n), nil
		}
	}
	return nil, nil
}

// ordered puts the n best of the topics found first.
func (l *Library) ordered(all []found, typed string, n int) []*Topic {
	topics := make([]*Topic, len(all))
	order := map[*Topic][3]int{}
	for i, f := range all {
		t := l.entries[f.entry].topic
		topics[i] = t
		order[t] = fit(t, typed)
	}
	slices.SortStableFunc(topics, func(a, b *Topic) int {
		x, y := order[a], order[b]
		return slices.Compare(x[:], y[:])
	})
	return topics[:min(n, len(topics))]
}

// fit says how well a topic fits, less is better: 0 if its question begins with
// what is typed, 1 if it holds it, 2 if it holds the beginnings apart, 3 if
// another wording holds what is typed, 4 else; then where; then how long the
// question is.
func fit(t *Topic, typed string) [3]int {
	own := Simplify(t.Question)
	if at := strings.Index(" "+own, " "+typed); at == 0 {
		return [3]int{0, 0, len(own)}
	} else if at > 0 {
		return [3]int{1, at, len(own)}
	}
	if begun(strings.Fields(own), strings.Fields(typed)) {
		return [3]int{2, 0, len(own)}
	}
	for i, also := range t.AlsoAsked {
		if strings.Contains(" "+Simplify(also), " "+typed) {
			return [3]int{3, i, len(own)}
		}
	}
	return [3]int{4, 0, len(own)}
}

// begun reports whether each of the beginnings begins one of the words.
func begun(words, beginnings []string) bool {
	for _, b := range beginnings {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, b) }) {
			return false
		}
	}
	return true
}
