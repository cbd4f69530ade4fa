package bot

import (
	"regexp"
	"strings"
	"testing"
)

// never are words that no safety reply may hold: orders, shame, promises,
// diagnoses, methods, and "commit suicide".
var never = regexp.MustCompile(`(?i)\b(you must|you have to|you should|shame|selfish|attention|promise|swear|guarantee|will be fine|get better soon|` +
	`diagnos\w*|disorder|depressed|mentally ill|crazy|commit\w*|successful|failed|` +
	`hang\w*|rope|gun|bridge|jump\w*|pills?|overdos\w*|blade|knife|cut\w*)\b`)

func TestSafetyWordsKeepTheirPromises(t *testing.T) {
	w := English()
	all := map[string][]string{
		"crisis.self": w.Crisis.Self, "crisis.self_next": w.Crisis.SelfNext, "crisis.other": w.Crisis.Other, "crisis.other_next": w.Crisis.OtherNext,
		"crisis.program": {w.Crisis.Program}, "emergency": {w.Emergency.Call, w.Emergency.Next, w.Emergency.Program}, "quiet_line": {w.QuietLine},
	}
	for name, variants := range all {
		for _, v := range variants {
			if m := never.FindString(v); m != "" {
				t.Errorf("%s: %q says %q", name, v, m)
			}
			if n := len(strings.Fields(v)); n > 50 {
				t.Errorf("%s: %d words are too many to read when frightened: %q", name, n, v)
			}
		}
	}
	for _, variants := range [][]string{w.Crisis.Self, w.Crisis.SelfNext, w.Crisis.Other, w.Crisis.OtherNext} {
		if len(variants) < 3 {
			t.Errorf("%d variants, want at least 3: %q", len(variants), variants)
		}
	}
	wants(t, "crisis.self_next", w.Crisis.SelfNext, "free", "trust", "doctor|therapist", "%s")
	wants(t, "crisis.other", w.Crisis.Other, "[Aa]sk")
	wants(t, "crisis.other_next", w.Crisis.OtherNext, "Stay|company|Be with", "away|distance|safe", "trust", "again|tomorrow", "%s")
	wants(t, "emergency.next", []string{w.Emergency.Next}, "Stay", "side", "taken")
	wants(t, "crisis.program", []string{w.Crisis.Program}, "program", "no person", "questions")
}

func wants(t *testing.T, name string, variants []string, patterns ...string) {
	t.Helper()
	for _, v := range variants {
		for _, p := range patterns {
			if !regexp.MustCompile("(?i)" + p).MatchString(v) {
				t.Errorf("%s: %q lacks %q", name, v, p)
			}
		}
	}
}

// TestEveryTurnHasTheLine: whatever the variant, the line, the emergency number
// and the honest sentence are there, and the wording changes.
func TestEveryTurnHasTheLine(t *testing.T) {
	b := newBot(t)
	for _, text := range []string{"I want to kill myself", "my brother wants to kill himself"} {
		seen := map[string]bool{}
		for turn := range 3 {
			r, _ := b.Reply(t.Context(), Message{Text: text}, Conversation{Turn: turn})
			if r.Kind() != Crisis || !r.Private() || !r.Alert() || !r.Resources() {
				t.Errorf("%q, turn %d: kind %s, private %v, alert %v, resources %v", text, turn, r.Kind(), r.Private(), r.Alert(), r.Resources())
			}
			for _, want := range []string{"988", "911", English().Crisis.Program} {
				if !strings.Contains(r.Text(), want) {
					t.Errorf("%q, turn %d: no %q in %q", text, turn, want, r.Text())
				}
			}
			seen[r.Text()] = true
		}
		if len(seen) != 3 {
			t.Errorf("%q: the wording did not change with the turn", text)
		}
	}
}

func TestAQuestionWithACryForHelpIsAnsweredToo(t *testing.T) {
	b := newBot(t)
	r, _ := b.Reply(t.Context(), Message{Text: "What is ketamine-assisted psychotherapy? I want to kill myself."}, Conversation{})
	if r.Kind() != Crisis || len(r.Sources()) == 0 {
		t.Fatalf("kind %s with %d sources", r.Kind(), len(r.Sources()))
	}
	if line, answer := strings.Index(r.Text(), "988"), strings.LastIndex(r.Text(), "KAP"); line < 0 || answer < line {
		t.Errorf("the line of help does not come before the answer: %q", r.Text())
	}
}

func TestEmergencyBeginsWithTheNumber(t *testing.T) {
	b := newBot(t)
	r, _ := b.Reply(t.Context(), Message{Text: "my friend overdosed and is not breathing", Locale: "en-GB"}, Conversation{})
	if r.Kind() != Emergency || !strings.HasPrefix(r.Text(), "Call 999 now.") {
		t.Errorf("%s: %q", r.Kind(), r.Text())
	}
}
