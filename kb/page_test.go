package kb

import (
	"os"
	"strings"
	"testing"
)

// documentWords are all words that kap.md shows from the page, in its order.
func documentWords(d *Document) []string {
	words := strings.Fields(d.Title)
	for _, t := range d.Topics {
		if t.Study != nil {
			words = append(words, strings.Fields(t.Question)...)
		}
		for _, p := range t.Passages() {
			words = append(words, strings.Fields(p)...)
		}
	}
	return words
}

// joins are where the page ran a summary into the next title.
var joins = strings.NewReplacer(
	"base.)Ketamine", "base.) Ketamine",
	"(non-randomized).Long-Term", "(non-randomized). Long-Term",
	"observational.Ketamine", "observational. Ketamine",
	"treatment.Ketamine", "treatment. Ketamine",
)

func TestEveryWordOfThePageStandsOnce(t *testing.T) {
	page, err := os.ReadFile("testdata/page.txt")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	got, want := documentWords(d), strings.Fields(joins.Replace(string(page)))
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("word %d: the document has %q, the page %q", i, got[max(0, i-3):i+1], want[max(0, i-3):i+1])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("the document has %d words of the page, the page %d", len(got), len(want))
	}
}

func TestTitlesAndSummariesAreSeparated(t *testing.T) {
	d, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	studies := d.Topic("research").Studies()
	if len(studies) != 6 {
		t.Fatalf("the document has %d studies, want 6", len(studies))
	}
	for _, s := range studies {
		summary := strings.Join(s.Passages(), " ")
		if strings.HasSuffix(s.Question, ".") || !strings.ContainsAny(summary[len(summary)-2:], ".") {
			t.Errorf("%s: title %q, summary %q", s.ID, s.Question, summary)
		}
		for _, other := range studies {
			if strings.Contains(summary, other.Question) {
				t.Errorf("%s: the summary holds the title %q", s.ID, other.Question)
			}
		}
	}
}

func TestContractTopics(t *testing.T) {
	d, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	want := "what-is-kap how-it-works who-benefits choosing-a-provider research study-three-practices " +
		"study-narrative-review study-3-6-months study-long-term-infusions study-chronic-pain study-trd-systematic-review"
	var got []string
	for _, topic := range d.Topics {
		got = append(got, topic.ID)
	}
	if strings.Join(got, " ") != want {
		t.Errorf("topics are %v, want %s", got, want)
	}
	if n := len(d.Topic("choosing-a-provider").Checklist()); n != 8 {
		t.Errorf("the checklist has %d items, want 8", n)
	}
}
