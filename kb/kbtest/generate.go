// Package kbtest makes documents as large as a benchmark wants.
package kbtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapbot/kb"
)

// Generator makes documents and questions, the same ones each time. Words are as
// frequent as in English: the k-th most frequent of them is drawn about 1/k as
// often as the first (G. K. Zipf).
type Generator struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
}

const generatedWords = 30_000

// NewGenerator returns a Generator at its beginning.
func NewGenerator() *Generator {
	g := &Generator{random: rand.New(rand.NewPCG(12, 2026))}
	g.zipf = rand.NewZipf(g.random, 1.07, 4, generatedWords-1)
	syllables := []string{"ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zan", "mer", "lin", "tor", "sul", "dek"}
	seen := map[string]bool{}
	for len(g.words) < generatedWords {
		var w strings.Builder
		for range 2 + g.random.IntN(3) {
			w.WriteString(syllables[g.random.IntN(len(syllables))])
		}
		if !seen[w.String()] {
			seen[w.String()] = true
			g.words = append(g.words, w.String())
		}
	}
	return g
}

// phrase is n words in a row.
func (g *Generator) phrase(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = g.words[g.zipf.Uint64()]
	}
	return strings.Join(words, " ")
}

func (g *Generator) sentence() string {
	p := g.phrase(8 + g.random.IntN(14))
	return strings.ToUpper(p[:1]) + p[1:] + "."
}

// topic writes a topic with a question, three sentences and two other wordings.
func (g *Generator) topic(b *bytes.Buffer, n int) {
	fmt.Fprintf(b, "## What about %s? {#t%d}\n\n%s %s %s\n\n", g.phrase(4), n, g.sentence(), g.sentence(), g.sentence())
	fmt.Fprintf(b, "### Also asked\n\n- How does %s?\n- %s\n\n", g.phrase(4), g.phrase(3))
}

// Documents writes documents of together that many topics into dir, none larger
// than Parse reads, and returns their paths.
func (g *Generator) Documents(tb testing.TB, dir string, topics int) []string {
	tb.Helper()
	const each = 1000
	var paths []string
	for n := 0; n < topics; {
		var b bytes.Buffer
		fmt.Fprintf(&b, "+++\nid = \"d%d\"\ntitle = \"Document %d\"\n+++\n\n", len(paths), len(paths))
		for range min(each, topics-n) {
			g.topic(&b, n)
			n++
		}
		path := filepath.Join(dir, fmt.Sprintf("d%d.md", len(paths)))
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			tb.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// Questions are n questions: some words of a topic's question or text among
// words that anybody says, a typo in every fourth.
func (g *Generator) Questions(l *kb.Library, n int) []string {
	small := []string{"how", "does", "is", "it", "what", "the", "a", "can", "i", "really", "help", "with", "about", "know", "want", "people"}
	topics := l.Topics()
	all := make([]string, n)
	for i := range all {
		t := topics[g.random.IntN(len(topics))]
		passages := append(t.Passages(), t.Question)
		source := strings.Fields(passages[g.random.IntN(len(passages))])
		var words []string
		for range 2 + g.random.IntN(3) {
			words = append(words, small[g.random.IntN(len(small))])
		}
		for range 1 + g.random.IntN(4) {
			words = append(words, strings.Trim(source[g.random.IntN(len(source))], ".?"))
		}
		if w := words[len(words)-1]; i%4 == 0 && len(w) > 5 {
			words[len(words)-1] = w[:3] + w[4:]
		}
		all[i] = strings.Join(words, " ") + "?"
	}
	return all
}
