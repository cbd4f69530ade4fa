package bot

import (
	"context"
	"fmt"
	"slices"

	"kapbot/bot/triage"
	"kapbot/kb"
)

// crisis answers someone who may be in danger, or who fears for another person:
// heard first, then whom to reach, then, if there was a question that the
// document answers, its answer.
func (t *turn) crisis(ctx context.Context, found triage.Assessment) draft {
	w := t.bot.words.Crisis
	heard, next := w.Self, w.SelfNext
	if found.Class == triage.CrisisForAnother {
		heard, next = w.Other, w.OtherNext
	}
	d := draft{kind: Crisis, private: !t.message.Direct, alert: !t.message.Direct, blocks: []Block{
		say(variant(heard, t.talk.Turn)),
		{Kind: Contacts, Contacts: t.region.Lines},
		say(fmt.Sprintf(variant(next, t.talk.Turn), t.region.Emergency)),
		say(w.Program),
	}}
	if found.Question != "" {
		t.answerToo(ctx, &d, found.Question)
	}
	return d
}

// answerToo adds the answer to a question that came with a cry for help, if the
// document surely has one. Nothing that goes wrong here, not even a panic, may
// keep the lines of help from a person.
func (t *turn) answerToo(ctx context.Context, d *draft, question string) {
	defer func() { _ = recover() }()
	asked := *t
	asked.message.Text = question
	decided := asked.decide()
	if decided.kind != Answer || !decided.certain {
		return
	}
	a := asked.answer(ctx, decided.topics[0], decided.probability)
	d.blocks = append(d.blocks, a.blocks...)
	d.sources, d.related = a.sources, a.related
}

// emergency answers someone in danger now: the number first.
func (t *turn) emergency() draft {
	w := t.bot.words.Emergency
	return draft{kind: Emergency, private: !t.message.Direct, alert: !t.message.Direct, blocks: []Block{
		say(fmt.Sprintf(w.Call, t.region.Emergency)),
		{Kind: Contacts, Contacts: t.bot.emergencyContacts(t.region)},
		say(w.Next),
		say(w.Program),
	}}
}

// emergencyContacts are the number to dial first, then who knows about poisons,
// then the lines of help.
func (b *Bot) emergencyContacts(r Region) []Contact {
	number := Contact{Name: b.words.Emergency.Number, Tel: r.Emergency}
	return slices.Concat([]Contact{number}, r.Poison, r.Lines)
}

// redirect refuses kindly, says why and whom to ask, and quotes what the document
// does say that comes nearest: the passage of the given subject.
func (t *turn) redirect(reason Reason, subject string) draft {
	d := draft{kind: Redirect, reason: reason, private: !t.message.Direct, rateable: true,
		blocks: []Block{say(t.bot.words.Redirect[reason])}}
	s := t.lib.Subject(subject)
	if s == nil {
		return d
	}
	if nearest := t.lib.Topic(s.See); nearest != nil && s.Passage != "" {
		d.blocks = append(d.blocks, say(t.bot.words.NearestQuote), Block{Kind: Quote, Spans: []Span{{Text: s.Passage}}})
		d.sources = []Source{source(nearest)}
		d.related = choices([]*kb.Topic{nearest})
	}
	return d
}

// variant varies wording by the turn, so that it is not the same each time and
// yet never left to chance.
func variant(list []string, turn int) string {
	if len(list) == 0 {
		return ""
	}
	return list[turn%len(list)]
}
