package wordings

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestBuiltInWordingsAreSound(t *testing.T) {
	all, err := Read(Files)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20000 {
		t.Errorf("only %d wordings", len(all))
	}
}

func TestRead(t *testing.T) {
	got, err := Read(fstest.MapFS{
		"cost.txt":         {Data: []byte("# natural\nHow much is it?\n\n  price \nhow-it-works => and what does that cost\n")},
		"how-it-works.txt": {Data: []byte("how does it work\r\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Wording{
		{Label: "cost", Text: "How much is it?", Section: "natural"},
		{Label: "cost", Text: "price", Section: "natural"},
		{Label: "cost", Text: "and what does that cost", Prior: "how-it-works", Section: "natural"},
		{Label: "how-it-works", Text: "how does it work"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadNamesEveryMistake(t *testing.T) {
	_, err := Read(fstest.MapFS{
		"cost.txt":      {Data: []byte("price\nwhat => and then\nPrice\n")},
		"insurance.txt": {Data: []byte("# insurance\nprice\n")},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`cost.txt:2: nothing is called "what"`,
		`cost.txt:3: "Price" stands in cost.txt, line 1 too`,
		`insurance.txt:2: "price" stands in cost.txt, line 1 too`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
}
