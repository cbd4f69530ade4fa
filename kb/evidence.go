package kb

import (
	"slices"
	"strings"
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

// Studies lists all studies in reading order.
func (l *Library) Studies() []*Topic {
	var all []*Topic
	for _, t := range l.topics {
		if t.Study != nil {
			all = append(all, t)
		}
	}
	return all
}

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
