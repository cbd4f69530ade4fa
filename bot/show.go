package bot

import (
	"context"
	"slices"

	"kapbot/kb"
)

// Topic is a topic as an adapter may list it.
type Topic struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	// Study says that the topic is one of the studies.
	Study bool `json:"study"`
}

// Words are the words that the bot speaks, for the labels on buttons.
func (b *Bot) Words() *Words { return b.words }

// Topics lists the topics of all documents, in reading order.
func (b *Bot) Topics() []Topic {
	var all []Topic
	b.shelf.use(func(lib *kb.Library) { all = list(lib.Topics()) })
	return all
}

func list(topics []*kb.Topic) []Topic {
	out := make([]Topic, 0, len(topics))
	for _, t := range topics {
		out = append(out, Topic{ID: t.ID, Question: t.Question, Study: t.Study != nil})
	}
	return out
}

// Complete lists up to n topics whose question fits what a person has typed so
// far; for "", the first n.
func (b *Bot) Complete(ctx context.Context, typed string, n int) []Topic {
	var found []Topic
	b.shelf.use(func(lib *kb.Library) {
		topics, err := lib.Complete(ctx, typed, n)
		if err != nil || typed == "" {
			topics = lib.Topics()[:min(n, len(lib.Topics()))]
		}
		found = list(topics)
	})
	return found
}

// Conditions lists the conditions that the studies are about, for Evidence.
func (b *Bot) Conditions() []string {
	var all []string
	b.shelf.use(func(lib *kb.Library) { all = lib.Conditions() })
	return all
}

// Revision is a short hash of the documents that the bot answers from.
func (b *Bot) Revision() string {
	var rev string
	b.shelf.use(func(lib *kb.Library) { rev = lib.Revision() })
	return rev
}

// Show returns the whole topic, and whether there is one with that id. Without
// one, the reply says what can be asked.
func (b *Bot) Show(id string) (Reply, bool) {
	var d draft
	found := false
	b.shelf.use(func(lib *kb.Library) {
		t := turn{bot: b, lib: lib}
		topic := lib.Topic(id)
		if found = topic != nil; found {
			d = t.answer(context.Background(), topic, 1)
			return
		}
		d = t.help()
	})
	return b.words.seal(d), found
}

// Evidence returns the studies on a condition in the document's words, or all of
// them for "". If none speaks of it, the reply says so and lists them all.
func (b *Bot) Evidence(condition string) Reply {
	d := draft{kind: Answer, topic: researchTopic, confidence: 1}
	b.shelf.use(func(lib *kb.Library) {
		t := turn{bot: b, lib: lib}
		studies := lib.Studies()
		if on := lib.StudiesOn(condition); len(on) > 0 {
			studies = on
		} else if condition != "" {
			d.blocks = append(d.blocks, say(b.words.EvidenceNone))
		}
		if research := lib.Topic(researchTopic); research != nil {
			d.blocks = append(d.blocks, heading(research.Question))
			d.sources = append(d.sources, source(research))
		}
		for _, s := range studies {
			d.blocks = append(d.blocks, t.study(s)...)
			d.sources = append(d.sources, source(s))
		}
	})
	return b.words.seal(d)
}

// Checklist returns the checklist for choosing a provider: its Checklist block
// holds the items in order.
func (b *Bot) Checklist() Reply {
	d := draft{kind: Answer, topic: checklistTopic, confidence: 1}
	items, src := b.checklist()
	d.blocks = []Block{say(b.words.ChecklistIntro), {Kind: Checklist, Items: spans(items)}}
	d.sources = src
	return b.words.seal(d)
}

// Missing returns what is left to ask a provider about when the items with the
// given places, from 0, are there. Places that do not exist are passed over.
func (b *Bot) Missing(ticked []int) Reply {
	items, src := b.checklist()
	var left []string
	for i, item := range items {
		if !slices.Contains(ticked, i) {
			left = append(left, item)
		}
	}
	d := draft{kind: Answer, topic: checklistTopic, confidence: 1, sources: src}
	if len(left) == 0 {
		d.blocks = []Block{say(b.words.ChecklistComplete)}
	} else {
		d.blocks = []Block{say(b.words.ChecklistMissing), {Kind: List, Items: spans(left)}}
	}
	return b.words.seal(d)
}

func (b *Bot) checklist() (items []string, src []Source) {
	b.shelf.use(func(lib *kb.Library) {
		if t := lib.Topic(checklistTopic); t != nil {
			items, src = t.Checklist(), []Source{source(t)}
		}
	})
	return items, src
}

func spans(items []string) [][]Span {
	out := make([][]Span, len(items))
	for i, item := range items {
		out[i] = []Span{{Text: item}}
	}
	return out
}
