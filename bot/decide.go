package bot

import (
	"context"

	"kapbot/kb"
)

// decision is what the bot has made up its mind to do with a question.
type decision struct {
	kind        Kind        // Answer, Clarify, NotCovered or SmallTalk
	topics      []*kb.Topic // best first; at least one for Answer, two for Clarify
	subject     *kb.Subject // for NotCovered, if known
	probability float64     // that the best topic answers, 0 to 1
	certain     bool        // sure enough to speak unasked
}

// decide finds out whether a topic answers the question.
func (t *turn) decide(ctx context.Context) decision {
	hits, err := t.lib.Search(ctx, t.question(), 8)
	if err != nil || len(hits) == 0 {
		return decision{kind: NotCovered}
	}
	d := decision{kind: NotCovered, subject: hits[0].Subject}
	for _, h := range hits {
		if h.Topic != nil {
			d.topics = append(d.topics, h.Topic)
		}
	}
	if hits[0].Topic != nil {
		d.kind = Answer
		d.probability = hits[0].Score / (hits[0].Score + 0.05)
		if len(hits) > 1 && hits[1].Score > 0.9*hits[0].Score && len(d.topics) > 1 {
			d.kind = Clarify
		}
	}
	d.topics = d.topics[:min(maxRelated, len(d.topics))]
	return d
}
