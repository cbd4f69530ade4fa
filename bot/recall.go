package bot

import (
	"context"
	"strconv"
	"strings"

	"kapbot/kb"
)

// known answers without weighing anything: a choice picked from what was offered
// last, by its number or its id, or a question that is, word for word, one of the
// documents' own.
func (t *turn) known(ctx context.Context) (draft, bool) {
	said := strings.TrimSpace(t.message.Text)
	if n, ok := ordinal(kb.Simplify(said)); ok && n >= 1 && n <= len(t.talk.Offered) {
		said = t.talk.Offered[n-1]
	}
	if topic := t.lib.Topic(said); topic != nil {
		return t.answer(ctx, topic, 1), true
	}
	passage, ok := t.lib.Exact(said)
	switch {
	case !ok:
		return draft{}, false
	case passage.Topic != nil:
		d := t.answer(ctx, passage.Topic, 1)
		d.certain = true // the document's own wording
		return d, true
	default:
		d := t.decide()
		d.subject, d.probability = passage.Subject, 0
		return t.notCovered(d), true
	}
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
