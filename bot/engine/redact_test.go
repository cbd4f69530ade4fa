package engine_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kapbot/bot/engine"
)

func TestRedact(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"How much does a session cost?", "How much does a session cost?"},
		{"Does insurance (Medicare) cover KAP with MDMA?", "Does insurance (Medicare) cover KAP with MDMA?"},
		{"my name is ann lee and I want to know the cost", "my name is [name] and I want to know the cost"},
		{"My name is Ann Lee-Smith. Is it safe?", "My name is [name]. Is it safe?"},
		{"I'm john, is it covered", "I'm [name], is it covered"},
		{"I am afraid of needles", "I am afraid of needles"},
		{"i'm pregnant, can i do this", "i'm pregnant, can i do this"},
		{"is dr. patel any good", "is dr. [name] any good"},
		{"Does Dr. José Álvarez in Springfield offer it?", "Does Dr. [name] in [name] offer it?"},
		{"ask ann.lee@example.org or ann (at) example (dot) org", "ask [e-mail] or [e-mail]"},
		{"see https://example.org/u/ann?id=5 and www.example.org and clinic.com/ann", "see [link] and [link] and [link]"},
		{"see <https://example.org/ann|my page>", "see [link]"},
		{"<@U024BE7LH> and <#C12|general> and @ann_lee", "[name] and [name] and [name]"},
		{"call +1 (555) 010-0134 or 555 0199", "call [number]  or [number]"},
		{"born 3/4/1987, MRN A12345B, room12", "born [number], [name] [number], [number]"},
		{"is 50mg twice on the 2nd day ok", "is [number] twice on the [number] day ok"},
		{"call ٠١٢٣٤٥", "call [number]"},
		{"WHERE IS BOB", "WHERE IS [name]"},
		{"  two\n lines\t", "two lines"},
		{"my name is [name]", "my name is [name]"},
		{"", ""},
	} {
		if got := engine.Redact(test.text); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(test.want), " ") {
			t.Errorf("Redact(%q)\n got %q\nwant %q", test.text, got, test.want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"I'm Ann 555-0134 ann@example.org", "<@U1> www.x.org [name]", "\xff\xfe", strings.Repeat("é ", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := engine.Redact(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 300 || strings.ContainsAny(got, "\n\r\t") {
			t.Errorf("Redact(%q) = %q", s, got)
		}
		if strings.ContainsAny(got, "0123456789@") {
			t.Errorf("Redact(%q) = %q: a number or a mention is left", s, got)
		}
	})
}
