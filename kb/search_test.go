package kb

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// library opens the built-in document and others, given by their text.
func library(t *testing.T, documents ...string) *Library {
	t.Helper()
	var paths []string
	for i, text := range documents {
		path := filepath.Join(t.TempDir(), string(rune('a'+i))+".md")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	l, err := Open(context.Background(), Options{Documents: paths})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func firstHit(t *testing.T, l *Library, question string) string {
	t.Helper()
	hits, err := l.Search(context.Background(), question, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) == 0 {
		return ""
	}
	return hits[0].ID()
}

func TestSearchFindsFirst(t *testing.T) {
	l := library(t)
	for _, c := range []struct{ question, want string }{
		{"who can prescribe it", "choosing-a-provider"},
		{"checklist", "choosing-a-provider"},
		{"glutamate", "how-it-works"},
		{"cost", "cost"},

		// Synonyms: single words and phrases, both ways.
		{"shrink", "choosing-a-provider"},
		{"TRD", "study-trd-systematic-review"},
		{"what is KAT", "what-is-kap"},
		{"what is ketamine treatment", "what-is-kap"},

		// Slips of the finger.
		{"how does ketmine work", "how-it-works"},
		{"faster then antidepresants", "how-it-works"},
		{"chekclist", "choosing-a-provider"},
		{"gultamate", "how-it-works"},

		// Studies: by author, year, condition, journal, design, DOI.
		{"Dore", "study-three-practices"},
		{"2019", "study-three-practices"},
		{"6 months", "study-3-6-months"},
		{"three and six months, 346 people", "study-3-6-months"},
		{"chronic pain", "study-chronic-pain"},
		{"Drozdz", "study-narrative-review"},
		{"J Pain Res 15", "study-narrative-review"},
		{"Frontiers pilot, Batievsky", "study-chronic-pain"},
		{"open-label", "study-chronic-pain"},
		{"chart review of infusions", "study-long-term-infusions"},
		{"systematic review TRD", "study-trd-systematic-review"},
		{"review of 17 articles", "study-narrative-review"},
		{"10.3389/fpain.2023.1127863", "study-chronic-pain"},

		// Nothing to search for.
		{"", ""},
		{"what is it?", ""},
		{"🙂", ""},
		{"qqqqqq zzzzzz", ""},
	} {
		if got := firstHit(t, l, c.question); got != c.want {
			t.Errorf("%q finds %q first, want %q", c.question, got, c.want)
		}
	}
}

const clinic = `+++
id = "clinic"
title = "Our clinic"
synonyms = [["moonbeam", "lunar ray"], ["gadget", "widget", "gizmo", "doohickey", "contraption"]]
+++

## Where do we keep the moonbeam? {#moonbeam}

In the cupboard.

## Is there a gadget for the garden? {#gadget}

Yes, in the shed.

## Is there a lantern for the garden? {#lantern}

Yes, in the hall.

## Do you have trial lessons? {#lessons}

Yes, one trial lesson.

## Can we walk the trail? {#trail}

Yes, the trail begins here.
`

func TestSynonymsOfADocument(t *testing.T) {
	l := library(t, clinic)
	for _, q := range []string{"moonbeam", "lunar ray", "Lunar rays?", "where is the lunar ray kept", "lunarr ray"} {
		if got := firstHit(t, l, q); got != "clinic/moonbeam" {
			t.Errorf("%q finds %q, want clinic/moonbeam", q, got)
		}
	}
	// Half of a phrase is not the phrase.
	if got := firstHit(t, l, "ray of light"); got == "clinic/moonbeam" {
		t.Error(`"ray" alone was taken for the synonym "lunar ray"`)
	}
}

// A word that has synonyms counts as much where it stands itself as a word that
// has none.
func TestSynonymsCostNothing(t *testing.T) {
	l := library(t, clinic)
	score := func(word string) float64 {
		hits, err := l.Search(context.Background(), word, 1)
		if err != nil || len(hits) == 0 {
			t.Fatalf("%q finds %v, %v", word, hits, err)
		}
		return hits[0].Score
	}
	with, without := score("gadget"), score("lantern")
	if with < 0.99*without {
		t.Errorf("a word with synonyms scores %.3f, one without %.3f", with, without)
	}
}

// A word that a document knows never turns into another one.
func TestKnownWordsAreNoSlips(t *testing.T) {
	l := library(t, clinic)
	for _, c := range []struct{ question, want, not string }{
		{"trial", "clinic/lessons", "clinic/trail"},
		{"trail", "clinic/trail", "clinic/lessons"},
	} {
		hits, err := l.Search(context.Background(), c.question, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].ID() != c.want {
			t.Errorf("%q finds %v, want %s first", c.question, hits, c.want)
		}
		if slices.ContainsFunc(hits, func(h Hit) bool { return h.ID() == c.not }) {
			t.Errorf("%q finds %s too: a known word was taken for a slip", c.question, c.not)
		}
	}
}

func TestMend(t *testing.T) {
	l := library(t, clinic)
	for _, c := range []struct{ slip, want string }{
		{"ketmine", "ketamine"},
		{"depresion", "depression"},
		{"therpay", "therapy"},
		{"ptds", "ptsd"},   // two letters have changed places
		{"ptsx", ""},       // a letter of a short word is another: too many words are as near
		{"xetamine", ""},   // the first letter is right
		{"2018", ""},       // a number is no slip
		{"qwertyuiop", ""}, // nothing is near
	} {
		got, err := l.mend(c.slip)
		if err != nil {
			t.Fatal(err)
		}
		if first := strings.Join(got[:min(1, len(got))], ""); first != c.want {
			t.Errorf("%q is mended to %q, want %q first", c.slip, got, c.want)
		}
	}
}

// Equal hits come in the order of the documents, each time.
func TestEqualHitsKeepTheirOrder(t *testing.T) {
	l := library(t)
	var first []string
	for range 5 {
		again := library(t)
		hits, err := again.Search(context.Background(), "ketamine psychotherapy", 50)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, h := range hits {
			ids = append(ids, h.ID())
		}
		if first == nil {
			first = ids
		}
		if !slices.Equal(ids, first) {
			t.Fatalf("the order is %v, and then %v", first, ids)
		}
	}
	_ = l
}

func TestComplete(t *testing.T) {
	l := library(t, clinic)
	for _, c := range []struct {
		typed string
		want  []string // the first ones
	}{
		{"how d", []string{"choosing-a-provider", "how-it-works"}},
		{"How do I", []string{"choosing-a-provider"}},
		{"HOW DOES IT WORK, AND", []string{"how-it-works"}},
		{"benef", []string{"who-benefits"}},
		{"is there a g", []string{"clinic/gadget", "clinic/lantern"}},
		{"gard", []string{"clinic/gadget", "clinic/lantern"}},
		{"red flags", []string{"choosing-a-provider"}}, // another wording
		{"chronic p", []string{"study-chronic-pain"}},
		{"gadegt", []string{"clinic/gadget"}}, // a slip
		{"lanterm for", []string{"clinic/lantern"}},
		{"moonbeam cupb", nil}, // a word that no question has
		{"", nil},
		{"?!", nil},
	} {
		got, err := l.Complete(context.Background(), c.typed, 5)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, topic := range got {
			ids = append(ids, topic.ID)
		}
		if len(ids) < len(c.want) || !slices.Equal(ids[:len(c.want)], c.want) || c.want == nil && ids != nil {
			t.Errorf("%q is completed by %v, want %v first", c.typed, ids, c.want)
		}
	}
	if got, _ := l.Complete(context.Background(), "i", 2); len(got) != 2 {
		t.Errorf("%d topics come back, want 2 as asked", len(got))
	}
}
