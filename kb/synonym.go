package kb

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
)

// phrase makes the words of to part of a question that holds from. Bleve's own
// synonyms know single words only; this is for groups such as
// "trd, treatment-resistant depression".
type phrase struct {
	from string // terms joined by one space
	to   []string
}

// phrases are the pairs of synonyms in which one side has several words.
func phrases(analyzer analysis.Analyzer, groups [][]string) []phrase {
	var out []phrase
	for _, group := range groups {
		for i, a := range group {
			from := terms(analyzer, a)
			for j, b := range group {
				to := terms(analyzer, b)
				if i != j && len(from) > 0 && len(to) > 0 && len(from)+len(to) > 2 {
					out = append(out, phrase{from: strings.Join(from, " "), to: to})
				}
			}
		}
	}
	return out
}
