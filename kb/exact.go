package kb

import (
	"hash/maphash"
	"strings"
	"unicode"
)

// Simplify folds case, punctuation and white space away, so that two ways to
// write the same words are equal.
func Simplify(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// exactly finds questions, titles and wordings by their simplified words: it
// holds the hash of those and the entry, since there can be very many.
type exactly struct {
	seed maphash.Seed
	at   map[uint64]int32
}

// newExactly indexes the entries. Where two have the same words, the first
// stands: the document's order.
func newExactly(entries []entry) exactly {
	x := exactly{seed: maphash.MakeSeed(), at: map[uint64]int32{}}
	for i, e := range entries {
		for _, text := range e.wordings() {
			if key := Simplify(text); key != "" {
				h := maphash.String(x.seed, key)
				if _, taken := x.at[h]; !taken {
					x.at[h] = int32(i)
				}
			}
		}
	}
	return x
}

// wordings are the questions and titles that stand for an entry.
func (e entry) wordings() []string {
	if s := e.subject; s != nil {
		return append([]string{s.Title}, s.Wordings...)
	}
	return append([]string{e.topic.Question, e.topic.Label()}, e.topic.AlsoAsked...)
}

// Exact finds the topic or subject one of whose questions or wordings is, but for
// case and punctuation, what was asked.
func (l *Library) Exact(question string) (Passage, bool) {
	key := Simplify(question)
	i, ok := l.exact.at[maphash.String(l.exact.seed, key)]
	if !ok || key == "" {
		return Passage{}, false
	}
	e := l.entries[i]
	for _, text := range e.wordings() {
		if Simplify(text) == key {
			kind := HeadingPassage
			if e.subject != nil {
				kind = SubjectPassage
			}
			return Passage{Kind: kind, Text: text, Topic: e.topic, Subject: e.subject}, true
		}
	}
	return Passage{}, false
}
