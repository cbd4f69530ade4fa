package kb

import (
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

// exactly indexes the questions, titles and wordings by their simplified words.
// Where two are the same, the first stands: the document's order.
func exactly(passages []Passage) map[string]int {
	index := map[string]int{}
	add := func(text string, i int) {
		key := Simplify(text)
		if _, taken := index[key]; !taken && key != "" {
			index[key] = i
		}
	}
	for i, p := range passages {
		switch p.Kind {
		case HeadingPassage:
			add(p.Text, i)
			add(p.Topic.Label(), i)
		case AlsoPassage, SubjectPassage:
			add(p.Text, i)
		}
	}
	return index
}

// Exact finds the topic or subject one of whose questions or wordings is, but for
// case and punctuation, what was asked.
func (l *Library) Exact(question string) (Passage, bool) {
	i, ok := l.exact[Simplify(question)]
	if !ok {
		return Passage{}, false
	}
	return l.passages[i], true
}
