package bot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRegionOfALocale(t *testing.T) {
	b := newBot(t)
	for locale, want := range map[string]string{
		"": "United States", "en": "United States", "en-US": "United States", "en-GB": "United Kingdom", "en-IE": "Ireland",
		"fr-CA": "Canada", "en-AU": "Australia", "en-NZ": "New Zealand", "hi-IN": "India", "de-DE": "Germany", "de-AT": "Austria",
		"fr-FR": "European Union", "sv-SE": "European Union", "pt-BR": "Elsewhere", "ja-JP": "Elsewhere", "es-419": "United States",
		"not a locale": "United States",
	} {
		if got := b.regionFor(locale).Name; got != want {
			t.Errorf("region of %q is %q, want %q", locale, got, want)
		}
	}
}

func TestOperatorsReplaceARegion(t *testing.T) {
	mine := Regions{"US": {Name: "Our clinic", Emergency: "911", Lines: []Contact{{Name: "Our line", Tel: "555"}}}}
	b, err := New(t.Context(), Options{Regions: mine})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	r, _ := b.Reply(t.Context(), Message{Text: "I want to kill myself"}, Conversation{})
	if !strings.Contains(r.Text(), "Our line") || strings.Contains(r.Text(), "988") {
		t.Errorf("the operator's own line is not shown: %q", r.Text())
	}
}

// TestRegionsAreSourced: a number that nobody has seen on a page helps nobody.
func TestRegionsAreSourced(t *testing.T) {
	regions, err := BuiltinRegions()
	if err != nil {
		t.Fatal(err)
	}
	digits := regexp.MustCompile(`^[0-9 -]+$`)
	for code, r := range regions {
		if !digits.MatchString(r.Emergency) {
			t.Errorf("%s: emergency number %q", code, r.Emergency)
		}
		for _, c := range slices.Concat(r.Lines, r.Poison) {
			if c.Name == "" || c.Tel == "" && c.URL == "" {
				t.Errorf("%s: a line that cannot be reached: %+v", code, c)
			}
			if c.Tel != "" && !digits.MatchString(c.Tel) || c.SMS != "" && !digits.MatchString(c.SMS) {
				t.Errorf("%s: %s has a number that cannot be dialled: %q, %q", code, c.Name, c.Tel, c.SMS)
			}
			if !strings.HasPrefix(c.Seen, "https://") {
				t.Errorf("%s: %s was seen nowhere", code, c.Name)
			}
			if _, err := time.Parse(time.DateOnly, c.SeenOn); err != nil {
				t.Errorf("%s: %s was seen on %q", code, c.Name, c.SeenOn)
			}
		}
	}
}
