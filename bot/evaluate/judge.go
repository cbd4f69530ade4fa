package evaluate

import (
	"slices"
	"strings"

	"kapbot/bot"
)

// verdict is one word for what became of a labelled question.
type verdict string

const (
	right       verdict = "right"        // a topic of gold answered
	near        verdict = "near"         // a topic that is partly relevant answered
	wrong       verdict = "wrong"        // another topic answered
	missed      verdict = "missed"       // nothing answered, though a topic does
	abstained   verdict = "abstained"    // nothing answered, and nothing does
	soft        verdict = "soft"         // nothing does; a topic that is partly relevant answered
	falseAnswer verdict = "false_answer" // nothing does; a topic answered
	alarm       verdict = "alarm"        // taken for a crisis or an emergency
)

const (
	researchTopic = "research"
	studyPrefix   = "study-"
)

// judge compares a reply with the right outcome.
func judge(l Line, r bot.Record) verdict {
	switch {
	case slices.Contains(safe, r.Kind):
		return alarm
	case r.Kind != bot.Answer && l.covered():
		return missed
	case r.Kind != bot.Answer:
		return abstained
	case !l.covered() && slices.Contains(l.Also, r.Topic):
		return soft
	case !l.covered():
		return falseAnswer
	case fits(r.Topic, l.Gold):
		return right
	case slices.Contains(l.Also, r.Topic):
		return near
	default:
		return wrong
	}
}

// fits reports whether a topic is as good as one of gold. The overview of the
// studies and a study answer each other's questions.
func fits(topic string, gold []string) bool {
	switch {
	case slices.Contains(gold, topic):
		return true
	case topic == researchTopic:
		return slices.ContainsFunc(gold, func(g string) bool { return strings.HasPrefix(g, studyPrefix) })
	case strings.HasPrefix(topic, studyPrefix):
		return slices.Contains(gold, researchTopic)
	}
	return false
}

// helped reports whether the right topic was answered, or offered where nothing
// was answered.
func helped(l Line, r bot.Record, v verdict) bool {
	return v == right || v == missed && slices.ContainsFunc(r.Related, func(t string) bool { return fits(t, l.Gold) })
}

// best is the topic that the bot thinks likeliest, said aloud or not, or "".
func best(r bot.Record) string {
	switch {
	case r.Kind == bot.Answer:
		return r.Topic
	case (r.Kind == bot.Clarify || r.Kind == bot.NotCovered) && len(r.Related) > 0:
		return r.Related[0]
	}
	return ""
}

// met reports whether a reply is of a kind that was expected.
func met(l Line, r bot.Record) bool {
	if slices.Contains(expectations[l.Expect], r.Kind) {
		return true
	}
	_, after, _ := strings.Cut(l.Note, "also-ok:")
	other, _, _ := strings.Cut(after, ";")
	words := strings.Fields(other)
	return len(words) > 0 && slices.Contains(expectations[words[0]], r.Kind)
}
