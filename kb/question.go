package kb

import (
	"context"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/analysis"
)

// maxTerms bounds a question: a long message is searched by its first terms.
const maxTerms = 48

// What a term that a question does not hold itself counts, where one that it
// holds counts 1.
const (
	synonymWeight = 0.25
	mendedWeight  = 0.5 // a known word in a mistyped one's place
)

// terms analyses a text as the index does.
func terms(analyzer analysis.Analyzer, text string) []string {
	tokens := analyzer.Analyze([]byte(text))
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = string(t.Term)
	}
	return out
}

// question is a text as it is searched for.
type question struct {
	words []string // its own terms, in order, slips mended
	terms []term   // what to look for, each once
}

// term is a word to look for.
type term struct {
	text   string
	weight float64
	counts [len(searched)]int // how many entries have it, by field
}

// count is in how many entries the term stands, about: the field that more have.
func (t term) count() int { return slices.Max(t.counts[:]) }

// ask analyses a text. A word that the index has never seen is searched by the
// known words that it may be a slip for; a known word never turns into another.
func (l *Library) ask(ctx context.Context, text string) (question, error) {
	q := question{words: terms(l.analyzer, text)}
	seen := map[string]bool{}
	add := func(text string, weight float64) (known bool, err error) {
		if seen[text] || len(q.terms) >= maxTerms {
			return true, nil
		}
		t := term{text: text, weight: weight}
		if t.counts, err = l.counts(ctx, text); err != nil {
			return false, err
		}
		if t.count() == 0 {
			return l.thesaurus.known[text], nil
		}
		seen[text] = true
		q.terms = append(q.terms, t)
		return true, nil
	}
	var written []string // the same words as the person wrote them
	slips := 0
	for i, w := range q.words {
		known, err := add(w, 1)
		if err != nil {
			return question{}, err
		}
		if known || slips == maxSlips {
			continue
		}
		if slips++; slips == 1 {
			written = terms(l.words, text)
		}
		mended, err := l.mend(written[i])
		if err != nil {
			return question{}, err
		}
		for n, m := range mended {
			for _, stem := range terms(l.analyzer, m) {
				if n == 0 {
					q.words[i] = stem // so that phrases and synonyms are found
				}
				if _, err := add(stem, mendedWeight); err != nil {
					return question{}, err
				}
			}
		}
	}
	for i := range q.words {
		for _, phrase := range l.thesaurus.others(q.words, i) {
			for _, w := range phrase {
				if _, err := add(w, synonymWeight); err != nil {
					return question{}, err
				}
			}
		}
	}
	return q, nil
}

// counts says how many entries have a term, by field.
func (l *Library) counts(ctx context.Context, text string) (n [len(searched)]int, err error) {
	for f, field := range searched {
		r, err := l.reader.TermFieldReader(ctx, []byte(text), field.name, false, false, false)
		if err != nil {
			return n, fmt.Errorf("look up a term: %w", err)
		}
		n[f] = int(r.Count())
		if err := r.Close(); err != nil {
			return n, fmt.Errorf("look up a term: %w", err)
		}
	}
	return n, nil
}
