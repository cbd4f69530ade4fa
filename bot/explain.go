package bot

import (
	"context"
	"fmt"
	"strings"

	"kapbot/bot/triage"
	"kapbot/kb"
)

// Explanation says why the bot decided as it did. It holds words of the message:
// it is for the person who asked, never for a log.
type Explanation struct {
	Class       string   // triage's class, or ""
	Evidence    []string // what triage went by
	Kind        Kind
	Topics      []string // best first
	Subject     string
	Probability float64
	Reasons     []string // for each of the best topics and the subject: the n-grams that spoke for and against
	Hits        []string // what the index found: id, score, passage
}

// Explain decides on a message again and says why.
func (b *Bot) Explain(ctx context.Context, m Message, c Conversation) Explanation {
	found := triage.Explain(m.Text)
	e := Explanation{Class: string(found.Class), Evidence: found.Evidence}
	b.shelf.use(func(lib *kb.Library) {
		t := turn{bot: b, lib: lib, message: m, talk: c}
		d := t.decide()
		e.Kind, e.Probability = d.kind, d.probability
		for _, topic := range d.topics {
			e.Topics = append(e.Topics, topic.ID)
		}
		if d.subject != nil {
			e.Subject = d.subject.ID
		}
		e.Reasons = t.reasons(d)
		hits, err := lib.Search(ctx, m.Text, 5)
		if err != nil {
			return
		}
		for _, h := range hits {
			e.Hits = append(e.Hits, fmt.Sprintf("%s %.3f %s: %s", h.ID(), h.Score, h.Passage.Kind, h.Passage.Text))
		}
	})
	return e
}

// reasonsEach is how many n-grams are named on either side.
const reasonsEach = 6

// reasons says what in the text spoke for and against each class at the top.
func (t *turn) reasons(d decision) []string {
	ids := []string{}
	for _, topic := range d.topics {
		ids = append(ids, topic.ID)
	}
	if d.subject != nil {
		ids = append(ids, d.subject.ID)
	}
	var out []string
	for _, id := range ids {
		if r := t.lib.Reasons(id, reasonsEach, t.message.Text, t.talk.Topic); len(r) > 0 {
			out = append(out, id+": "+strings.Join(r, ", "))
		}
	}
	return out
}

// String is the explanation as lines of text.
func (e Explanation) String() string {
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", label, value)
		}
	}
	line("triage", e.Class)
	line("evidence", strings.Join(e.Evidence, ", "))
	line("decision", string(e.Kind))
	line("probability", fmt.Sprintf("%.3f", e.Probability))
	line("topics", strings.Join(e.Topics, ", "))
	line("subject", e.Subject)
	for _, r := range e.Reasons {
		line("because", r)
	}
	for _, h := range e.Hits {
		line("hit", h)
	}
	return strings.TrimRight(b.String(), "\n")
}
