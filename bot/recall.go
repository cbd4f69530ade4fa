package bot

import (
	"strconv"
	"strings"
	"unicode"

	"kapbot/kb"
)

// followUps open a question that leans on the one before it.
var followUps = []string{"and ", "what about", "how about", "also ", "so ", "but ", "ok and", "okay and", "then "}

// question is the text to search for: the message, completed by the topic that
// the conversation was about where the message leans on it ("and for PTSD?").
func (t *turn) question() string {
	text := t.message.Text
	if t.talk.Topic == "" || !leans(text) {
		return text
	}
	if topic := t.lib.Topic(t.talk.Topic); topic != nil {
		return topic.Question + " " + text
	}
	if subject := t.lib.Subject(t.talk.Topic); subject != nil {
		return subject.Title + " " + text
	}
	return text
}

// leans reports whether a text says too little by itself.
func leans(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(strings.Fields(text)) > 8 {
		return false
	}
	for _, f := range followUps {
		if strings.HasPrefix(text, f) {
			return true
		}
	}
	return false
}

// picked is the topic chosen from the last "did you mean", by its number or by
// its words, or nil.
func (t *turn) picked() *kb.Topic {
	said := simplify(t.message.Text)
	if said == "" {
		return nil
	}
	for i, id := range t.talk.Offered {
		topic := t.lib.Topic(id)
		if topic == nil {
			continue
		}
		if n, ok := ordinal(said); ok && n == i+1 || said == simplify(topic.Question) || said == simplify(topic.Label()) || said == simplify(topic.ID) {
			return topic
		}
	}
	for _, topic := range t.lib.Topics() {
		if said == simplify(topic.Question) || said == simplify(topic.Label()) || strings.TrimSpace(t.message.Text) == topic.ID {
			return topic
		}
	}
	return nil
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3}

// ordinal reads "2", "number 2", "the second one" as a number.
func ordinal(said string) (int, bool) {
	n, ok := 0, false
	for _, w := range strings.Fields(said) {
		switch v, err := strconv.Atoi(w); {
		case err == nil && !ok:
			n, ok = v, true
		case ordinals[w] != 0 && !ok:
			n, ok = ordinals[w], true
		case w == "the" || w == "number" || w == "option" || w == "one" || w == "please" || w == "no":
		default:
			return 0, false
		}
	}
	return n, ok
}

// simplify folds case, punctuation and white space away.
func simplify(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
