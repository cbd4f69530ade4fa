package kb

import (
	"slices"

	"github.com/blevesearch/bleve/v2/analysis"
)

// thesaurus knows which words mean the same, single ones and phrases. Bleve has
// synonyms too, of single words, but it lowers a word's own score by the number
// of synonyms that a text does not have, so that the words that matter most here
// would count least; TestSynonymsCostNothing shows what we want instead.
type thesaurus struct {
	groups [][][]string     // groups of phrases, each a list of terms
	byTerm map[string][]use // by the phrase's first term
	known  map[string]bool  // every term
	// written holds every word as it is written.
	written []string
}

// use says where a phrase stands.
type use struct{ group, phrase int }

func newThesaurus(analyzer, words analysis.Analyzer, groups [][]string) *thesaurus {
	t := &thesaurus{byTerm: map[string][]use{}, known: map[string]bool{}}
	for _, group := range groups {
		var phrases [][]string
		for _, text := range group {
			p := terms(analyzer, text)
			if len(p) == 0 || slices.ContainsFunc(phrases, func(q []string) bool { return slices.Equal(p, q) }) {
				continue
			}
			t.byTerm[p[0]] = append(t.byTerm[p[0]], use{len(t.groups), len(phrases)})
			phrases = append(phrases, p)
			for _, term := range p {
				t.known[term] = true
			}
			t.written = append(t.written, terms(words, text)...)
		}
		t.groups = append(t.groups, phrases)
	}
	return t
}

// others lists the phrases that mean the same as one that begins at words[i].
func (t *thesaurus) others(words []string, i int) [][]string {
	var all [][]string
	for _, u := range t.byTerm[words[i]] {
		own := t.groups[u.group][u.phrase]
		if end := i + len(own); end > len(words) || !slices.Equal(words[i:end], own) {
			continue
		}
		for n, phrase := range t.groups[u.group] {
			if n != u.phrase {
				all = append(all, phrase)
			}
		}
	}
	return all
}
