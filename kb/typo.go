package kb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search"
)

const (
	maxSlips  = 8 // words of a question that are looked at as slips
	maxMended = 3 // known words tried in a slip's place
	// shortest is how many letters a word must have before one of them may be
	// wrong. In a shorter one too many words are one letter away; there, two
	// letters may have changed places, no more.
	shortest = 5
	// long is how many letters a word must have before two of them may be wrong.
	long = 8
)

// mend lists the known words that a word nobody knows may be a slip for, as they
// are written, likeliest first: those with the fewest letters to change. The
// first letter is right.
func (l *Library) mend(word string) ([]string, error) {
	n := utf8.RuneCountInString(word)
	if n < shortest-1 || strings.ContainsAny(word, "0123456789") {
		return nil, nil
	}
	fuzziness := 1
	if n >= long {
		fuzziness = 2
	}
	likely, err := l.alike(word, fuzziness)
	if err != nil {
		return nil, fmt.Errorf("look for slips: %w", err)
	}
	near := make([][]string, fuzziness+1) // by their distance
	for _, known := range likely {
		d := distance(word, known)
		if d <= fuzziness && (n >= shortest || swapped(word, known)) {
			near[d] = append(near[d], known)
		}
	}
	for _, found := range near {
		if len(found) > 0 {
			slices.Sort(found)
			found = slices.Compact(found)
			return found[:min(maxMended, len(found))], nil
		}
	}
	return nil, nil
}

// alike lists the known words, of the index and of the synonyms, that have no
// more than some letters other than a word, and the same first letter.
func (l *Library) alike(word string, fuzziness int) ([]string, error) {
	_, size := utf8.DecodeRuneInString(word)
	var all []string
	for _, known := range l.thesaurus.written {
		if strings.HasPrefix(known, word[:size]) {
			all = append(all, known)
		}
	}
	dict, err := l.fuzzy.FieldDictFuzzy(wordField, word, fuzziness, word[:size])
	if err != nil {
		return nil, err
	}
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return all, errors.Join(err, dict.Close())
		}
		all = append(all, strings.Clone(e.Term))
	}
}

// distance is how many letters to change, two that have changed places counting
// as one.
func distance(a, b string) int {
	if swapped(a, b) {
		return 1
	}
	return search.LevenshteinDistance(a, b)
}

// swapped reports whether two neighbouring letters have changed places.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
