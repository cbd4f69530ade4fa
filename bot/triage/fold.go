package triage

import (
	"strings"
	"unicode"
)

// lookalikes are letters of other scripts that are drawn as Latin ones.
var lookalikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'һ': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k',
	'ӏ': 'l', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'ѕ': 's', 'т': 't', 'у': 'y', 'х': 'x', 'ԝ': 'w', 'ѵ': 'v', 'ԛ': 'q',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'σ': 'o', 'τ': 't',
	'υ': 'u', 'χ': 'x', 'ω': 'w', 'ϲ': 'c', 'ϳ': 'j', 'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'i',
	'ʟ': 'l', 'ɪ': 'i', 'ᴅ': 'd', 'ᴇ': 'e', 'ᴋ': 'k', 'ꜱ': 's', 'ᴜ': 'u', 'ᴄ': 'c', 'ᴏ': 'o', 'ᴛ': 't', 'ʏ': 'y', 'ғ': 'f', 'ɴ': 'n', 'ᴀ': 'a', 'ᴡ': 'w', 'ᴍ': 'm', 'ʜ': 'h', 'ʀ': 'r', 'ᴘ': 'p', 'ɢ': 'g', 'ʙ': 'b', 'ᴠ': 'v',
}

// emoji names the pictures that say something about danger, or that it is a
// joke. All others are dropped.
var emoji = map[rune]string{
	'💊': "emojipill", '🔫': "emojigun", '🔪': "emojiknife", '🗡': "emojiknife", '🪒': "emojiknife",
	'🪢': "emojirope", '⚰': "emojicoffin", '🪦': "emojicoffin", '🩸': "emojiblood", '🚑': "emojiambulance",
	'🚨': "emojiambulance", '🆘': "emojiambulance", '💀': "emojiskull", '☠': "emojiskull",
	'😂': "emojilaugh", '🤣': "emojilaugh", '😆': "emojilaugh", '😅': "emojilaugh", '😭': "emojicry",
	'😢': "emojicry", '😞': "emojisad", '😔': "emojisad", '💔': "emojisad", '🥺': "emojisad",
}

// foldsMarks reports whether accents on a letter are dropped: they are where
// a language is often typed without them, and where letters are buried under
// heaps of them. In other scripts a mark is a vowel.
func foldsMarks(base rune) bool {
	return base < 0x250 || unicode.In(base, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}

// foldMarkup drops what platforms put around words: mentions (<@U123>,
// <#C1|name>, @name), links, custom emoji (<:name:1>), and undoes the three
// escapes of Slack.
func foldMarkup(text string) string {
	if !strings.ContainsAny(text, "<&@") && !strings.Contains(text, "://") {
		return text
	}
	text = escapes.Replace(text)
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '<':
			label, n := angle(text[i:])
			b.WriteString(label)
			i += n
		case c == '@' && (i == 0 || isSpace(text[i-1])) && i+1 < len(text) && !isSpace(text[i+1]):
			i += untilSpace(text[i:])
		case c == 'h' && (strings.HasPrefix(text[i:], "http://") || strings.HasPrefix(text[i:], "https://")):
			i += untilSpace(text[i:])
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

var escapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// angle reads a platform's <...>: what of it is text, and how long it is.
func angle(text string) (label string, n int) {
	const longest = 300
	end := strings.IndexByte(text[:min(len(text), longest)], '>')
	if end < 2 || !strings.ContainsRune("@#!:ah", rune(text[1])) || strings.IndexByte(text[:end], ' ') >= 0 && text[1] != 'h' {
		return " ", 1 // a "<" of its own
	}
	if _, after, ok := strings.Cut(text[:end], "|"); ok && text[1] != '!' {
		label = after
	}
	return " " + label + " ", end + 1
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func untilSpace(text string) int {
	if i := strings.IndexAny(text, " \n\t\r>"); i >= 0 {
		return i
	}
	return len(text)
}
