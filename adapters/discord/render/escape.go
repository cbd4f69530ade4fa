package render

import (
	"regexp"
	"strings"
	"unicode/utf16"

	"kapbot/bot"
)

// Size is the length of a text as Discord counts it, in UTF-16 units.
func Size(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// Cut shortens a text to n units, at a space where there is one, and marks the
// place with an ellipsis. It never splits a character in two.
func Cut(s string, n int) string {
	s = strings.ToValidUTF8(s, "�")
	if Size(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	used, end, space := 0, 0, 0
	for i, r := range s {
		w := max(1, utf16.RuneLen(r))
		if used+w > n-1 {
			break
		}
		if r == ' ' || r == '\n' {
			space = i
		}
		used, end = used+w, i+len(string(r))
	}
	if space > end/2 {
		end = space
	}
	return strings.TrimRight(s[:end], " \n\\") + "…"
}

var (
	special   = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, "`", "\\`", `|`, `\|`, `<`, `\<`, `[`, `\[`, `]`, `\]`, `@`, "@\u200b")
	lineStart = regexp.MustCompile(`(?m)^(\s*)([#>+-]|\d+\.)`)
	address   = regexp.MustCompile(`https?://[^\s<>|` + "`" + `]+`)
)

// Escape takes the meaning for Discord's Markdown and mentions out of a text. Web
// addresses are left as they are, so that they stay links.
func Escape(s string) string {
	s = strings.ToValidUTF8(s, "�")
	var b strings.Builder
	last := 0
	for _, at := range address.FindAllStringIndex(s, -1) {
		b.WriteString(escapePlain(s[last:at[0]]))
		b.WriteString(s[at[0]:at[1]])
		last = at[1]
	}
	b.WriteString(escapePlain(s[last:]))
	return b.String()
}

func escapePlain(s string) string {
	return lineStart.ReplaceAllStringFunc(special.Replace(s), func(m string) string {
		i := strings.IndexAny(m, "#>+-.")
		return m[:i] + `\` + m[i:]
	})
}

// spans writes a run of styled text.
func spans(all []bot.Span) string {
	var b strings.Builder
	for _, s := range all {
		text := Escape(s.Text)
		if s.Link != "" && safeLink(s.Link) {
			text = "[" + text + "](<" + s.Link + ">)"
		}
		if s.Strong {
			text = strong(text)
		}
		b.WriteString(text)
	}
	return b.String()
}

// strong makes a text bold; spaces at its ends stay outside the stars.
func strong(text string) string {
	inner := strings.TrimSpace(text)
	if inner == "" {
		return text
	}
	i := strings.Index(text, inner)
	return text[:i] + "**" + inner + "**" + text[i+len(inner):]
}

// safeLink says whether an address can stand in a link or on a button.
func safeLink(link string) bool {
	return strings.HasPrefix(link, "https://") && Size(link) <= maxURL && !strings.ContainsAny(link, " <>\n\"")
}
