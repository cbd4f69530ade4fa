package kb

import (
	"slices"
	"strings"
	"unicode"
)

// Conditions lists what the documents' studies are about, for people to choose from.
func (l *Library) Conditions() []string {
	var all []string
	for _, d := range l.docs {
		for _, c := range d.Conditions {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// Studies lists all studies in reading order. Callers must not change them.
func (l *Library) Studies() []*Topic { return l.studies }

// StudiesOn lists the studies whose title or summary speaks of a condition, or
// of a synonym of it. A condition without a word that says anything finds none.
func (l *Library) StudiesOn(condition string) []*Topic {
	wanted := l.alternatives(condition)
	var found []*Topic
	for _, t := range l.Studies() {
		text := terms(l.analyzer, t.Question+" "+strings.Join(t.Passages(), " "))
		if slices.ContainsFunc(wanted, func(alt []string) bool { return containsAll(text, alt) }) {
			found = append(found, t)
		}
	}
	return found
}

// studyWords say that a question speaks of a publication.
var studyWords = []string{"study", "studies", "paper", "papers", "article", "author", "authors", "trial", "review", "research", "al", "findings", "results", "published"}

// NamedStudy is the study that a question names: by its DOI, or by an author's
// name beside its year or a word such as "paper", or alone. Without one it is nil.
func (l *Library) NamedStudy(question string) *Topic {
	words := strings.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, s := range l.Studies() {
		if s.Study.DOI != "" && strings.Contains(strings.ToLower(question), strings.ToLower(s.Study.DOI)) {
			return s
		}
		sure := len(words) <= 2 || slices.ContainsFunc(words, func(w string) bool {
			return w == s.Study.Year || slices.Contains(studyWords, strings.ToLower(w))
		})
		if sure && slices.ContainsFunc(words, s.Study.wroteIt) {
			return s
		}
	}
	return nil
}

// wroteIt reports whether name is an author's. Names of two or three letters are
// words too often to go by.
func (s Study) wroteIt(name string) bool {
	if len(name) < 4 {
		return false
	}
	for _, author := range strings.Split(s.Authors, ", ") {
		surname, _, _ := strings.Cut(author, " ")
		if strings.EqualFold(surname, name) {
			return true
		}
	}
	return false
}

// alternatives are the term lists that mean the same as the text.
func (l *Library) alternatives(text string) [][]string {
	own := terms(l.analyzer, text)
	if len(own) == 0 {
		return nil
	}
	all := [][]string{own}
	for _, d := range l.docs {
		for _, group := range d.Synonyms {
			if slices.ContainsFunc(group, func(w string) bool { return slices.Equal(terms(l.analyzer, w), own) }) {
				for _, w := range group {
					all = append(all, terms(l.analyzer, w))
				}
			}
		}
	}
	return all
}

func containsAll(have, want []string) bool {
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}
