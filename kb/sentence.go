package kb

import (
	"strings"
	"unicode"
)

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"dr": true, "mr": true, "mrs": true, "ms": true, "prof": true, "vs": true, "e.g": true, "i.e": true,
	"etc": true, "al": true, "approx": true, "no": true, "st": true, "fig": true, "u.s": true, "a.m": true, "p.m": true,
}

// Sentences splits a paragraph. A sentence ends at . ! or ? (and what closes
// behind it) before white space and a capital, digit, quote or bracket. Joined
// by one space each, the sentences are the paragraph.
func Sentences(paragraph string) []string {
	text := []rune(strings.Join(strings.Fields(paragraph), " "))
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		if !strings.ContainsRune(".!?", text[i]) {
			continue
		}
		end := i + 1
		for end < len(text) && strings.ContainsRune(`.!?)]”’"'`, text[end]) {
			end++
		}
		if end < len(text) && (text[end] != ' ' || !begins(text[end+1:]) || abbreviated(text[start:i])) {
			i = end - 1
			continue
		}
		out = append(out, string(text[start:end]))
		start = min(end+1, len(text))
		i = end
	}
	if start < len(text) {
		out = append(out, string(text[start:]))
	}
	return out
}

func begins(rest []rune) bool {
	return len(rest) > 0 && (unicode.IsUpper(rest[0]) || unicode.IsDigit(rest[0]) || strings.ContainsRune(`"'“‘([`, rest[0]))
}

func abbreviated(sofar []rune) bool {
	words := strings.Fields(string(sofar))
	if len(words) == 0 {
		return false
	}
	last := strings.ToLower(strings.TrimLeft(words[len(words)-1], `"'“‘([`))
	return abbreviations[last] || len([]rune(last)) == 1 && last != "i"
}
