package classify

import (
	"strings"
	"testing"
)

func TestAsking(t *testing.T) {
	story := strings.Repeat("I have had a long and winding road with it. ", 3)
	for _, c := range []struct{ text, want string }{
		{"does it work?", ""},
		{strings.Repeat("one sentence that never comes to an end ", 4), ""},
		{story + "Does it work? Thank you.", "Does it work?"},
		{"Is it for me? " + story + "Or for my brother?", "Is it for me? Or for my brother?"},
		{story + "tell me what it costs", "tell me what it costs"},
		{story + "Tell me what it costs!\n\n", "Tell me what it costs!"},
	} {
		if got := asking(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzAsking(f *testing.F) {
	f.Add(strings.Repeat("?.!\n", 60))
	f.Add(strings.Repeat("\xff. ", 60))
	f.Fuzz(func(t *testing.T, text string) {
		// Questions are joined by spaces; without those, no byte is new.
		if got := strings.Join(strings.Fields(asking(text)), ""); len(got) > len(text) {
			t.Errorf("%q asks more than it says: %q", text, got)
		}
	})
}
