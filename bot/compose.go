package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kapbot/kb"
)

// checklistTopic is the built-in topic whose list is for ticking off.
const checklistTopic = "choosing-a-provider"

// researchTopic is the built-in topic that holds the studies.
const researchTopic = "research"

// maxEvidence is how many studies are quoted under a claim.
const maxEvidence = 2

// answer quotes a whole topic, the sentence that matched made strong.
func (t *turn) answer(ctx context.Context, topic *kb.Topic, probability float64) draft {
	best, err := t.lib.Best(ctx, topic, t.message.Text)
	if err != nil {
		best = "" // the topic is whole without it
	}
	d := draft{kind: Answer, topic: topic.ID, confidence: probability, rateable: true}
	d.blocks = append(d.blocks, heading(topic.Question))
	d.blocks = append(d.blocks, t.quotes(topic, best)...)
	d.sources = []Source{source(topic)}
	for _, s := range topic.Studies() {
		d.blocks = append(d.blocks, t.study(s)...)
		d.sources = append(d.sources, source(s))
	}
	if studies := t.evidence(ctx, topic); len(studies) > 0 {
		d.blocks = append(d.blocks, say(t.bot.words.Rests))
		for _, s := range studies {
			d.blocks = append(d.blocks, t.study(s)...)
			d.sources = append(d.sources, source(s))
		}
	}
	d.related = choices(t.readNext(ctx, topic, d.sources))
	return d
}

// quotes are the topic's own words and our note on them.
func (t *turn) quotes(topic *kb.Topic, best string) []Block {
	var blocks []Block
	for _, b := range topic.Blocks {
		if len(b.Items) > 0 {
			kind := List
			if topic.ID == checklistTopic {
				kind = Checklist
			}
			block := Block{Kind: kind}
			for _, item := range b.Items {
				block.Items = append(block.Items, []Span{{Text: item, Strong: item == best}})
			}
			blocks = append(blocks, block)
			continue
		}
		blocks = append(blocks, Block{Kind: Quote, Spans: sentences(b.Sentences, best)})
	}
	if topic.Note != "" {
		blocks = append(blocks, Block{Kind: Note, Spans: []Span{{Text: t.bot.words.Note + " " + topic.Note}}})
	}
	return blocks
}

// sentences joins a paragraph again, the best sentence strong.
func sentences(all []string, best string) []Span {
	if !slices.Contains(all, best) {
		return []Span{{Text: strings.Join(all, " ")}}
	}
	var spans []Span
	for i, s := range all {
		if i > 0 {
			s = " " + s
		}
		spans = append(spans, Span{Text: s, Strong: all[i] == best})
	}
	return spans
}

// study quotes a study below another topic: its title strong, then its summary.
func (t *turn) study(s *kb.Topic) []Block {
	block := Block{Kind: Quote, Spans: []Span{{Text: s.Question, Strong: true, Link: s.Study.URL()}}}
	for _, p := range s.Passages() {
		block.Spans = append(block.Spans, Span{Text: "\n" + p})
	}
	blocks := []Block{block}
	if s.Note != "" {
		blocks = append(blocks, Block{Kind: Note, Spans: []Span{{Text: t.bot.words.Note + " " + s.Note}}})
	}
	return blocks
}

// evidence chooses the studies to quote under a topic's claims: those nearest to
// the question, then the document's order.
func (t *turn) evidence(ctx context.Context, topic *kb.Topic) []*kb.Topic {
	if len(topic.Evidence) == 0 {
		return nil
	}
	var chosen []*kb.Topic
	for _, id := range topic.Evidence {
		if s := t.lib.Topic(id); s != nil {
			chosen = append(chosen, s)
		}
	}
	if closest, err := t.lib.Closest(ctx, t.message.Text, chosen); err == nil {
		chosen = closest
	}
	return chosen[:min(maxEvidence, len(chosen))]
}

// readNext are the topics nearest to this one, but for those already quoted.
func (t *turn) readNext(ctx context.Context, topic *kb.Topic, quoted []Source) []*kb.Topic {
	var next []*kb.Topic
	if topic.Parent != "" {
		next = append(next, t.lib.Topic(topic.Parent))
	}
	near, err := t.lib.Near(ctx, topic)
	if err != nil {
		near = nil // the answer is whole without it
	}
	for _, other := range near {
		if other.ID != topic.Parent &&
			!slices.ContainsFunc(quoted, func(s Source) bool { return s.ID == other.ID }) {
			next = append(next, other)
		}
	}
	return next[:min(maxRelated, len(next))]
}

func (t *turn) clarify(d decision) draft {
	return draft{kind: Clarify, confidence: d.probability,
		blocks: []Block{say(t.bot.words.Clarify)}, related: choices(d.topics)}
}

// farFetched is the probability under which the model's nearest topics are no
// longer near: the subject's own comes first then.
const farFetched = 0.05

// notCovered says so, names the subject, gives the nearest words and who to ask.
func (t *turn) notCovered(d decision) draft {
	w := t.bot.words
	r := draft{kind: NotCovered, confidence: d.probability, rateable: true, related: choices(d.topics)}
	if d.subject == nil {
		r.blocks = []Block{say(w.NotCovered), say(w.AskWhom)}
		return r
	}
	r.topic = d.subject.ID
	nearest := t.lib.Topic(d.subject.See)
	if nearest == nil {
		r.blocks = []Block{say(w.NotCovered), say(d.subject.Next)}
		return r
	}
	if d.probability < farFetched {
		r.related = choices(t.around(nearest, d.topics))
	}
	r.blocks = []Block{say(fmt.Sprintf(w.NotCoveredSubject, d.subject.Title))}
	if d.subject.Passage != "" {
		r.blocks = append(r.blocks, say(w.NearestQuote), Block{Kind: Quote, Spans: []Span{{Text: d.subject.Passage}}})
		r.sources = []Source{source(nearest)}
	}
	r.blocks = append(r.blocks, say(d.subject.Next))
	return r
}

// around lists nearest first and then the others, studies left out.
func (t *turn) around(nearest *kb.Topic, others []*kb.Topic) []*kb.Topic {
	near := []*kb.Topic{nearest}
	for _, topic := range others {
		if topic != nearest && topic.Study == nil && len(near) < maxRelated {
			near = append(near, topic)
		}
	}
	return near
}

func heading(text string) Block { return Block{Kind: Heading, Spans: []Span{{Text: text}}} }

// source says where a topic's words come from.
func source(t *kb.Topic) Source {
	if t.Study != nil {
		return Source{ID: t.ID, Title: t.Question, URL: t.Study.URL(), Detail: t.Study.Record()}
	}
	return Source{ID: t.ID, Title: t.Document.Title, URL: t.Document.URL}
}

func choices(topics []*kb.Topic) []Choice {
	out := make([]Choice, 0, len(topics))
	for _, t := range topics {
		out = append(out, Choice{ID: t.ID, Question: t.Label()})
	}
	return out
}
