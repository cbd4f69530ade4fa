package kb

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/search/query"
)

// maxTerms bounds a query: a long message is searched by its first terms.
const maxTerms = 48

// terms analyses a text as the index does.
func terms(analyzer analysis.Analyzer, text string) []string {
	var out []string
	for _, t := range analyzer.Analyze([]byte(text)) {
		out = append(out, string(t.Term))
	}
	return out
}

// parsed is a question as a tree of queries' raw material.
type parsed struct {
	words   []string // terms, each once, synonyms of phrases included
	unknown map[string]bool
}

// parseQuery analyses the question and finds which of its words the index has
// never seen: only those are searched with typos allowed, so that a known word
// never turns into another.
func (l *Library) parseQuery(question string) parsed {
	p := parsed{unknown: map[string]bool{}}
	all := terms(l.analyzer, question)
	joined := " " + strings.Join(all, " ") + " "
	for _, ph := range l.phrases {
		if strings.Contains(joined, " "+ph.from+" ") {
			all = append(all, ph.to...)
		}
	}
	seen := map[string]bool{}
	for _, w := range all {
		if seen[w] || len(p.words) == maxTerms {
			continue
		}
		seen[w] = true
		p.words = append(p.words, w)
		if !l.knows(w) {
			p.unknown[w] = true
		}
	}
	return p
}

// knows reports whether a term stands in any passage or synonym.
func (l *Library) knows(term string) bool {
	_, ok := l.vocabulary[term]
	return ok
}

// query builds the query for the given fields.
func (p parsed) query(fields []PassageKind) query.Query {
	var qs []query.Query
	for _, w := range p.words {
		for _, f := range fields {
			qs = append(qs, p.word(w, f))
		}
	}
	return bleve.NewDisjunctionQuery(qs...)
}

func (p parsed) word(w string, f PassageKind) query.Query {
	if p.unknown[w] && utf8.RuneCountInString(w) >= 4 {
		q := bleve.NewFuzzyQuery(w)
		q.SetField(string(f))
		q.SetPrefix(1)
		q.SetFuzziness(1 + min(1, utf8.RuneCountInString(w)/8))
		q.SetBoost(boosts[f] / 2)
		return q
	}
	q := bleve.NewTermQuery(w)
	q.SetField(string(f))
	q.SetBoost(boosts[f])
	return q
}
