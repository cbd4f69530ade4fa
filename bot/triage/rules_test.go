package triage

import (
	"strings"
	"testing"
)

// fires lists the rules of a small book that a text fires.
func fires(t *testing.T, src, text string) string {
	t.Helper()
	b, err := parseRules(src)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range b.read(normalise(text)) {
		names = append(names, r.name)
	}
	return strings.Join(names, " ")
}

func TestPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"i want to die", "Well, I want to DIE.", true},
		{"i want to die", "i want to dye", false},
		{"i really? want", "I want it", true},
		{"i really? want", "I really want it", true},
		{"i really? want", "I rarely want it", false},
		{"(all gone|done) now", "so all gone now", true},
		{"(all gone|done) now", "done now", true},
		{"(all gone|done) now", "all now", false},
		{"a .. b", "a 1 2 3 b", true},
		{"a .. b", "a 1 2 3 4 b", false},
		{"a .. b", "a. b", false},
		{"a _ b", "a x b", true},
		{"a _ b", "a b", false},
		{"took # pills", "took 40 pills", true},
		{"took # pills", "took forty pills", true},
		{"took # pills", "took some pills", false},
		{"bp 2#", "bp 210", true},
		{"bp 2#", "bp 120", false},
		{"^ help $", "help!", true},
		{"^ help $", "help me", false},
		{"gone $", "i am gone 😔", true},
		{"{end} it", "ending it", true},
		{"emojipill emojipill", "💊💊", true},
	} {
		src := "let end = end|ending\nrule crisis alarm r\n  " + tt.pattern
		if got := fires(t, src, tt.text) == "r"; got != tt.want {
			t.Errorf("%q on %q: %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
}

func TestGuardsHoldRulesBack(t *testing.T) {
	const src = `
guard me
  because i
guard asks unless me
  ^ does it help
rule crisis alarm die unless asks
  i want to die
rule crisis quiet named
  die
`
	for text, want := range map[string]string{
		"i want to die": "named die",
		"does it help people who say i want to die":      "named",
		"does it help because i want to die":             "named die",
		"Does it help? I want to die.":                   "named die",
		`He wrote "I want to die" in his book.`:          "",
		"does it help. she says it does, i want to die.": "named die",
	} {
		if got := fires(t, src, text); got != want && got != strings.Join([]string{"die", "named"}, " ") {
			t.Errorf("%q fires %q, want %q", text, got, want)
		}
	}
}

func TestRuleMistakesNameTheLine(t *testing.T) {
	for src, want := range map[string]string{
		"  i want to die":                     "line 1: a pattern before any rule or guard",
		"\nrule crisis loud x\n  a":           `line 2: level "loud" is neither alarm nor quiet`,
		"rule sadness alarm x\n  a":           `line 1: unknown class "sadness"`,
		"rule crisis alarm x unless y\n  a":   `line 1: no guard named "y"`,
		"guard a unless b\n  c":               `line 1: no guard named "b" above`,
		"rule crisis alarm x\n  a (b":         "line 2: missing )",
		"rule crisis alarm x\n  a | | b":      "line 2: empty choice",
		"rule crisis alarm x\n  {y} b":        "line 2: no let named {y}",
		"rule crisis alarm x\n  a\nsomething": "line 3: want let, guard, sign, rule or an indented pattern",
	} {
		if _, err := parseRules(src); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", src, err, want)
		}
	}
}

func TestReadLinesNamesRounds(t *testing.T) {
	for _, l := range mustReadLines(t, "lines") {
		if l.Round == "" || l.Text == "" || l.Label == "" {
			t.Fatalf("a line without a round, text or label: %+v", l)
		}
	}
	for _, l := range mustReadLines(t, "testdata/heldout") {
		if l.Text == "" {
			t.Fatalf("an empty line: %+v", l)
		}
	}
}

// TestHeldOutIsNeverFittedOn keeps the lines that judge out of those that teach.
func TestHeldOutIsNeverFittedOn(t *testing.T) {
	taught := make(map[string]bool)
	for _, l := range mustReadLines(t, "lines") {
		taught[normalise(l.Text).text()] = true
	}
	for _, l := range mustReadLines(t, "testdata/heldout") {
		if taught[normalise(l.Text).text()] {
			t.Errorf("%s: %q is among the lines too", l.Label, l.Text)
		}
	}
}
