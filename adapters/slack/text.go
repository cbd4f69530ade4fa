package slack

import (
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	markup    = regexp.MustCompile(`<(?:[@#!]|https?:|mailto:|tel:)[^<>]*>`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	// lookalikes stand in where mrkdwn must be used and has no escape.
	lookalikes = strings.NewReplacer("*", "∗", "_", "＿", "~", "∼", "`", "'", "|", "¦")
)

// typed returns what a person typed: Slack's markup for links, channels and
// mentions becomes its label or nothing, and entities become characters.
func typed(text string) string {
	text = markup.ReplaceAllStringFunc(text, func(m string) string {
		target, label, labelled := strings.Cut(m[1:len(m)-1], "|")
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "!"):
			return " "
		case strings.HasPrefix(target, "#") && !labelled:
			return " "
		case labelled:
			return label
		default:
			return target
		}
	})
	return strings.Join(strings.Fields(unescaper.Replace(text)), " ")
}

// mentions reports whether text mentions the user.
func mentions(text, user string) bool {
	return user != "" && (strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|"))
}

// mentionsOthers reports whether text calls someone other than the user: a
// person, a group, everybody.
func mentionsOthers(text, user string) bool {
	for _, m := range markup.FindAllString(text, -1) {
		if strings.HasPrefix(m, "<!") || (strings.HasPrefix(m, "<@") && !mentions(m, user)) {
			return true
		}
	}
	return false
}

// escape makes text literal where Slack reads mrkdwn.
func escape(text string) string { return escaper.Replace(text) }

// literal is escape for mrkdwn that would also read formatting.
func literal(text string) string { return escaper.Replace(lookalikes.Replace(text)) }

// length is the length of text as Slack counts it, in UTF-16 units.
func length(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// fitting returns how many bytes of text fit into limit units.
func fitting(text string, limit int) int {
	n := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if n += max(1, utf16.RuneLen(r)); n > limit {
			return i
		}
		i += size
	}
	return len(text)
}

// cut shortens text to limit units, at a space if one is near, with an ellipsis.
func cut(text string, limit int) string {
	if length(text) <= limit {
		return text
	}
	text = text[:fitting(text, limit-1)]
	if space := strings.LastIndexByte(text, ' '); space > len(text)*3/4 {
		text = text[:space]
	}
	return strings.TrimRight(text, " ") + "…"
}

// split breaks text into pieces of at most limit units, at spaces where it can.
// limit is 2 or more.
func split(text string, limit int) []string {
	var pieces []string
	for length(text) > limit {
		end := fitting(text, limit)
		if space := strings.LastIndexAny(text[:end], " \n"); space > end/2 {
			end = space + 1
		}
		pieces, text = append(pieces, text[:end]), text[end:]
	}
	return append(pieces, text)
}
