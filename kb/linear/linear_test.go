package linear

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testOptions = Options{Features: Features{Words: 2, CharMin: 2, CharMax: 5}, C: 4, Seed: 7}

// fruit makes lines of three classes that a person would tell apart at once.
func fruit() ([]Line, []string) {
	frames := []string{"where do I buy %s", "are %s good for you", "how do you cut %s?", "%s in winter", "who eats %s", "my dog ate %s!"}
	words := map[string][]string{
		"fruit": {"apples", "a pear", "ripe plums", "apple pie", "pears and plums"},
		"tool":  {"a hammer", "wrenches", "hammers", "the old wrench", "a drill"},
		"town":  {"Paris", "old Lisbon", "Paris, France", "Lisbon", "Rome"},
	}
	var lines []Line
	var labels []string
	for _, label := range []string{"fruit", "tool", "town"} {
		for _, w := range words[label] {
			for _, f := range frames {
				lines = append(lines, Line{Text: fmt.Sprintf(f, w)})
				labels = append(labels, label)
			}
		}
	}
	return lines, labels
}

func fitFruit(t testing.TB, opts Options) *Model {
	t.Helper()
	lines, labels := fruit()
	m, err := Fit(context.Background(), lines, OneVsRest(labels), opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestScoreTellsClassesApart(t *testing.T) {
	m := fitFruit(t, testOptions)
	for text, want := range map[string]string{
		"do you like APPLES?":      "fruit",
		"lend me your hammer":      "tool",
		"a weekend in Lisbon":      "town",
		"plum":                     "fruit", // never seen, but its characters were
		"I’d like a wrench please": "tool",
	} {
		s := m.Score(text)
		best := 0
		for i, x := range s.Margins {
			if x > s.Margins[best] {
				best = i
			}
		}
		if got := m.Class(best); got != want {
			t.Errorf("%q: %s, want %s (%.2f)", text, got, want, s.Margins)
		}
	}
}

func TestFitIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	one, four := testOptions, testOptions
	one.Workers, four.Workers = 1, 4
	if !bytes.Equal(fitFruit(t, one).Bytes(), fitFruit(t, four).Bytes()) {
		t.Error("the model depends on the number of workers")
	}
}

func TestFitStatesWhatIsWrong(t *testing.T) {
	lines := []Line{{Text: "a"}, {Text: "b"}}
	in := []bool{true, false}
	for name, c := range map[string]struct {
		lines   []Line
		classes []Class
		opts    Options
		want    string
	}{
		"no lines":     {nil, []Class{{In: nil}}, testOptions, "no lines"},
		"no classes":   {lines, nil, testOptions, "0 classes"},
		"short labels": {lines, []Class{{Name: "x", In: in[:1]}}, testOptions, `class "x" labels 1 lines`},
		"no features":  {lines, []Class{{Name: "x", In: in}}, Options{}, "no features"},
	} {
		_, err := Fit(context.Background(), c.lines, c.classes, c.opts)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
	}
}

func TestUnseenWords(t *testing.T) {
	m := fitFruit(t, testOptions)
	for text, want := range map[string]float64{
		"":                 1,
		"buy apples":       0,
		"buy zxqvj":        0.5,
		"zxqvj zxqvj buy ": 2.0 / 3,
	} {
		if got := m.Score(text).UnseenWords; math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: unseen words %.3f, want %.3f", text, got, want)
		}
	}
}

func TestUnseenWordsPullTowardsTheBias(t *testing.T) {
	opts := testOptions
	opts.UnseenWeight = 1
	m := fitFruit(t, opts)
	plain, strange := m.Score("buy apples"), m.Score("buy apples zxqvj wkfhg")
	if plain.Margins[0] <= strange.Margins[0] {
		t.Errorf("margin of fruit rose from %.3f to %.3f with words never seen", plain.Margins[0], strange.Margins[0])
	}
}

func TestExtraFeaturesSettleWhatTheTextLeavesOpen(t *testing.T) {
	var lines []Line
	var labels []string
	for i := range 20 {
		text := fmt.Sprintf("and for the %d", i)
		lines = append(lines, Line{Text: text, Extra: []string{"prior:a"}}, Line{Text: text, Extra: []string{"prior:b"}})
		labels = append(labels, "a", "b")
	}
	m, err := Fit(context.Background(), lines, OneVsRest(labels), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	for i, extra := range []string{"prior:a", "prior:b"} {
		s := m.Score("and for the other", extra)
		if s.Margins[i] <= s.Margins[1-i] {
			t.Errorf("%s: margins %.2f", extra, s.Margins)
		}
	}
}

func TestExplainAddsUpToTheMargin(t *testing.T) {
	m := fitFruit(t, testOptions)
	text := "apples or a hammer?"
	s := m.Score(text)
	for i := range m.Len() {
		e := m.Explain(i, 1000, text)
		sum := e.Bias
		for _, r := range append(e.For, e.Against...) {
			sum += r.Weight
		}
		if math.Abs(sum-s.Margins[i]) > 1e-3 || math.Abs(e.Margin-s.Margins[i]) > 1e-3 {
			t.Errorf("%s: reasons add up to %.4f, margin is %.4f", e.Class, sum, s.Margins[i])
		}
	}
	if e := m.Explain(0, 3, text); len(e.For) != 3 || !strings.Contains(e.For[0].Gram, "ap") {
		t.Errorf("fruit: reasons for: %v", e.For)
	}
}

func TestWithMeta(t *testing.T) {
	m := fitFruit(t, testOptions)
	n := m.WithMeta([]byte("threshold 0.5"))
	if string(n.Meta()) != "threshold 0.5" {
		t.Errorf("meta %q", n.Meta())
	}
	if d := cmp.Diff(m.Score("apples, hammers"), n.Score("apples, hammers")); d != "" {
		t.Errorf("scores changed: %s", d)
	}
}

func TestCrossValidateScoresLinesItHasNotSeen(t *testing.T) {
	lines, labels := fruit()
	classes := OneVsRest(labels)
	scores, err := CrossValidate(context.Background(), lines, classes, testOptions, 5)
	if err != nil {
		t.Fatal(err)
	}
	margins := make([]float64, len(lines))
	for i, s := range scores {
		margins[i] = s.Margins[0]
	}
	if a := AUROC(margins, classes[0].In); a < 0.95 {
		t.Errorf("AUROC of fruit %.3f", a)
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		" … ":                     "",
		"Don't  STOP!":            " dont stop ! ",
		"it’s $400/session, 50%?": " its $ 400 session 50 % ? ",
		"Ängste":                  " ängste ",
		"\xff\xfe":                "",
		"a\u0000b":                " a b ",
	} {
		if got := string(canonical(in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestGramsOfAWord(t *testing.T) {
	var got []string
	text := canonical("it is")
	Features{Words: 2, CharMin: 2, CharMax: 3}.each(text, func(_ group, _ uint32, from, to int) {
		got = append(got, string(text[from:to]))
	})
	want := []string{"it", "it is", " i", " it", "it", "it ", "t ", "is", " i", " is", "is", "is ", "s "}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzOpen(f *testing.F) {
	good := fitFruit(f, testOptions).Bytes()
	f.Add(good, "apples")
	f.Add(good[:len(good)/2], "hammer")
	f.Add([]byte(magic), "")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		m, err := Open(data, nil)
		if err != nil {
			return
		}
		m.Score(text)
		m.Explain(0, 3, text)
	})
}

func FuzzScore(f *testing.F) {
	m := fitFruit(f, testOptions)
	f.Add("apples", "")
	f.Add("\xf0\x28\x8c\x28", "prior:x")
	f.Fuzz(func(t *testing.T, text, extra string) {
		for _, x := range m.Score(text, extra).Margins {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("margin %v", x)
			}
		}
	})
}
