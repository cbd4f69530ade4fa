package classify

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"kapbot/kb/linear"
	"kapbot/kb/wordings"
)

var testSet = Set{
	Covered: func(label string) bool { return label == "apples" || label == "pears" },
	Right:   func(topic, label string) bool { return topic == label },
}

// fruit are wordings about two fruits that some document covers and two tools
// that it does not.
func fruit() []wordings.Wording {
	frames := []string{"how do I store %s", "are %s good for you?", "%s", "what do %s cost in winter", "who eats %s",
		"can a dog have %s", "tell me about %s", "the best %s", "I bought %s yesterday", "why are %s so good"}
	words := map[string][]string{
		"apples":  {"apples", "red apples", "an apple", "apple juice"},
		"pears":   {"pears", "ripe pears", "a pear", "pear jam"},
		"hammers": {"hammers", "a hammer", "claw hammers", "the old hammer"},
		"saws":    {"saws", "a saw", "hand saws", "the rusty saw"},
	}
	var all []wordings.Wording
	for _, label := range []string{"apples", "pears", "hammers", "saws"} {
		for _, w := range words[label] {
			for _, f := range frames {
				all = append(all, wordings.Wording{Label: label, Text: fmt.Sprintf(f, w)})
			}
		}
		for _, follow := range []string{"and how do you store them", "what do they cost", "which ones are best"} {
			all = append(all, wordings.Wording{Label: label, Text: follow, Prior: label})
		}
	}
	return all
}

func fitted(t *testing.T) ([]byte, *Model) {
	t.Helper()
	data, judged, err := Fit(context.Background(), fruit(), testSet, Recipe())
	if err != nil {
		t.Fatal(err)
	}
	if len(judged) != len(fruit()) {
		t.Fatalf("%d wordings judged of %d", len(judged), len(fruit()))
	}
	m, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return data, m
}

func TestRank(t *testing.T) {
	_, m := fitted(t)
	for _, c := range []struct {
		question, prior, topic, subject string
		sure                            bool
	}{
		{"do apples keep", "", "apples", "", true},
		{"a glass of pear juice", "", "pears", "", true},
		{"lend me your hammer", "", "", "hammers", false},
		{"what do they cost", "pears", "pears", "", true},
		{"what do they cost", "saws", "", "saws", false},
	} {
		r := m.Rank(c.question, c.prior)
		if c.topic != "" && r.Topics[0].Name != c.topic || c.subject != "" && r.Subjects[0].Name != c.subject {
			t.Errorf("%q after %q: %s and %s come first", c.question, c.prior, r.Topics[0].Name, r.Subjects[0].Name)
		}
		if (r.Verdict == Sure) != c.sure {
			t.Errorf("%q after %q: verdict %d at %.2f, want sure: %v", c.question, c.prior, r.Verdict, r.Probability, c.sure)
		}
	}
}

func TestFitGivesTheSameBytes(t *testing.T) {
	one, _ := fitted(t)
	two, _ := fitted(t)
	if !bytes.Equal(one, two) {
		t.Error("the same wordings were fitted to other bytes")
	}
}

func TestDigestChangesWithTheDataAndTheRecipe(t *testing.T) {
	all := fruit()
	seen := map[string]string{}
	note := func(what string, all []wordings.Wording, o linear.Options) {
		d := Digest(all, o)
		if seen[d] != "" {
			t.Errorf("%s has the digest of %s", what, seen[d])
		}
		seen[d] = what
	}
	note("the data", all, Recipe())
	note("one line fewer", all[1:], Recipe())
	moved := append([]wordings.Wording{}, all...)
	moved[0].Label = "pears"
	note("another label", moved, Recipe())
	other := Recipe()
	other.C++
	note("another C", all, other)
}

func TestExtend(t *testing.T) {
	_, base := fitted(t)
	added := []Added{
		{Name: "shop/saws", Topic: true, Replaces: "saws", Wordings: []string{"which saws do you sell", "do you sharpen saws", "our saws"}},
		{Name: "shop/nails", Topic: true, Wordings: []string{"do you have nails", "a box of nails", "how long are your nails", "nails for wood"}},
		{Name: "shop/paint", Wordings: []string{"do you have paint", "a pot of paint", "blue paint"}},
	}
	data, err := Extend(context.Background(), base, fruit(), added)
	if err != nil {
		t.Fatal(err)
	}
	m, err := base.With(data)
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"are saws good for you?": "shop/saws", // a wording of the subject it took over
		"nails for my fence":     "shop/nails",
		"ripe pears":             "pears",
		"an apple a day":         "apples",
	} {
		if got := m.Rank(question, "").Topics[0].Name; got != want {
			t.Errorf("%q: %s, want %s", question, got, want)
		}
	}
	if got := m.Rank("green paint", "").Subjects[0].Name; got != "shop/paint" {
		t.Errorf("green paint: subject %s", got)
	}
	for _, c := range m.Rank("saws", "").Subjects {
		if c.Name == "saws" {
			t.Error("the subject that was taken over is still there")
		}
	}
	if e, ok := m.Explain("shop/nails", 3, "nails", ""); !ok || len(e.For) == 0 {
		t.Errorf("no reasons for an added topic: %+v", e)
	}
}

func TestOpenRefusesWhatIsNoModelOfTopics(t *testing.T) {
	l, err := linear.Fit(context.Background(), []linear.Line{{Text: "a"}, {Text: "b"}},
		[]linear.Class{{Name: "x", In: []bool{true, false}}}, Recipe())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing":        nil,
		"no calibration": l.Bytes(),
		"no topics":      l.WithMeta([]byte(`{}`)).Bytes(),
	} {
		if _, err := Open(data); err == nil || !strings.Contains(err.Error(), "classify") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
