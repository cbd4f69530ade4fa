package kb

import (
	"strings"
	"testing"
)

func TestAsking(t *testing.T) {
	story := strings.Repeat("I have been unwell for a long time and my doctor has tried many things with me. ", 2)
	for _, c := range []struct{ message, want string }{
		{"what is KAP?", "what is KAP?"},
		{"", ""},
		{"I am sad. Does it help?", "I am sad. Does it help?"}, // short: all of it
		{story + "Does it help with PTSD? Thank you for reading.", "Does it help with PTSD?"},
		{story + "so how do i find a clinic", "so how do i find a clinic"},
		{story + "I was wondering whether it lasts. Sorry for the long post.", "I was wondering whether it lasts."},
		{story + "Is it safe? " + story + "And who gives it?", "Is it safe? And who gives it?"},
		{story + "\n\nwhat does it cost\n\ncheers", "what does it cost"},
		{story, story}, // asks nothing
	} {
		if got := Asking(c.message); got != c.want {
			t.Errorf("of %q, %q asks, want %q", c.message, got, c.want)
		}
	}
}
