package bot

import (
	"kapbot/kb"
	"kapbot/kb/classify"
)

// decision is what the bot has made up its mind to do with a question.
type decision struct {
	kind        Kind        // Answer, Clarify, NotCovered or SmallTalk
	topics      []*kb.Topic // best first; at least one for Answer, two for Clarify
	subject     *kb.Subject // for NotCovered, if known
	probability float64     // that the best topic answers, 0 to 1
	certain     bool        // sure enough to speak unasked
}

// certainAt is the probability from which on the bot may speak unasked.
const certainAt = 0.95

// smallTalkSubject is the name by which the model knows small talk; the document
// has no such subject.
const smallTalkSubject = "small-talk"

// decide finds out whether a topic answers the question. The model's verdict
// has three steps: sure enough to answer; likely enough to ask back, since the
// right topic is nearly always among the best three; or not covered.
func (t *turn) decide() decision {
	r := t.lib.Rank(t.message.Text, t.talk.Topic)
	d := decision{
		kind:        NotCovered,
		topics:      r.Topics[:min(maxRelated, len(r.Topics))],
		subject:     r.Subject,
		probability: r.Probability,
		certain:     r.Probability >= certainAt,
	}
	switch {
	case r.Verdict == classify.Sure:
		d.kind = Answer
	case r.Verdict == classify.Likely && len(d.topics) > 1:
		d.kind = Clarify
	case r.Model.Subjects[0].Name == smallTalkSubject && r.Model.Subjects[0].Margin > 0:
		d.kind = SmallTalk
	}
	return d
}
