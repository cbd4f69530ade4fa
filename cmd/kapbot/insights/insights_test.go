package insights

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapbot/bot"
	"kapbot/bot/engine"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	until = time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	since = until.AddDate(0, 0, -14)
)

// report is two weeks of a small clinic.
func report() engine.Report {
	at := func(day, hour int) time.Time {
		return since.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)
	}
	r := engine.Report{
		Ratings: []engine.RatingCount{
			{Hour: at(1, 9), Topic: "how-it-works", Helpful: true, N: 11},
			{Hour: at(2, 9), Topic: "how-it-works", Reason: engine.TooLong, N: 2},
			{Hour: at(2, 9), Topic: "research", N: 1},
		},
		Unanswered: []engine.Wording{
			{Text: "is [name]\x1b\a\u202e covered by my plan?", N: 3, Last: at(9, 10)},
			{Text: "=HYPERLINK(\"x\") --> cost", N: 1, Last: at(10, 10)},
		},
	}
	for day := range 14 {
		r.Counts = append(r.Counts,
			engine.Count{Hour: at(day, 9), Adapter: "slack", Kind: bot.Answer, Topic: "how-it-works", N: int64(day)},
			engine.Count{Hour: at(day, 14), Adapter: "web", Kind: bot.NotCovered, Topic: "insurance", N: int64(14 - day)},
			engine.Count{Hour: at(day, 15), Adapter: "web", Kind: bot.NotCovered, Topic: "", N: 1},
			engine.Count{Hour: at(day, 15), Adapter: "web", Kind: bot.NotCovered, Topic: "veterans-benefits", N: 2},
			engine.Count{Hour: at(day, 16), Adapter: "discord", Kind: bot.SlowDown, N: 9})
	}
	r.Counts = append(r.Counts, engine.Count{Hour: at(3, 2), Adapter: "discord", Kind: bot.Crisis, N: 1})
	return r
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func TestText(t *testing.T) {
	for name, r := range map[string]engine.Report{"weeks.txt": report(), "empty.txt": {}} {
		var b bytes.Buffer
		if err := Summarize(r, since, until).WriteText(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
	}
}

func TestCSV(t *testing.T) {
	r := report()
	r.Counts = r.Counts[:2]
	var b bytes.Buffer
	if err := WriteCSV(&b, r); err != nil {
		t.Fatal(err)
	}
	golden(t, "weeks.csv", b.Bytes())
}

func TestJSONHasListsNotNull(t *testing.T) {
	j, err := json.Marshal(Summarize(engine.Report{}, since, until))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(j), "null") {
		t.Errorf("null in %s", j)
	}
}

// TestDraft reads the draft back as a document: it is right as it stands, and
// takes over the subjects that it is about.
func TestDraft(t *testing.T) {
	var b bytes.Buffer
	if err := Summarize(report(), since, until).WriteDraft(&b, until); err != nil {
		t.Fatal(err)
	}
	golden(t, "draft.md", b.Bytes())

	path := filepath.Join(t.TempDir(), "draft.md")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	kap, err := bot.New(t.Context(), bot.Options{Documents: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	defer kap.Close()
	if _, ok := kap.Show("answers/insurance"); !ok {
		t.Error("the draft has no topic on insurance")
	}
}

func TestDraftOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := Summarize(engine.Report{}, since, until).WriteDraft(&b, until); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "--since 365d") {
		t.Errorf("got %s", b.String())
	}
}

func TestHours(t *testing.T) {
	from := until.Add(-24 * time.Hour)
	s := Summarize(engine.Report{Counts: []engine.Count{{Hour: until.Add(-time.Hour), Kind: bot.Help, N: 4}}}, from, until)
	if len(s.Starts) != 24 || s.Kinds[0].Periods[23] != 4 {
		t.Errorf("%d periods, last %v", len(s.Starts), s.Kinds[0].Periods)
	}
}

func TestSparkline(t *testing.T) {
	tests := []struct {
		counts []int64
		width  int
		want   string
	}{
		{nil, 10, ""},
		{[]int64{0, 0}, 10, "  "},
		{[]int64{0, 1, 4, 8}, 10, " ▁▄█"},
		{[]int64{1, 1, 0, 0, 4, 4}, 3, "▂ █"},
	}
	for _, tt := range tests {
		if got := Sparkline(tt.counts, tt.width); got != tt.want {
			t.Errorf("Sparkline(%v, %d) = %q, want %q", tt.counts, tt.width, got, tt.want)
		}
	}
}
