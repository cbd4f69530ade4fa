package triage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxBytes bounds the work on one message. Platforms cut far below it; of
// anything longer the beginning and the end are read.
const maxBytes = 48 << 10

// message is a text made ready for reading: lower case, look-alikes undone,
// split into sentences of words. "Don't" is "dont".
type message struct {
	sentences []sentence
}

// sentence is one run of words and the mark that closed it ('.', '?', '!' or
// 0 when the text simply stopped).
type sentence struct {
	words []string
	mark  rune
}

// asks reports whether some sentence is put as a question.
func (m message) asks() bool {
	for _, s := range m.sentences {
		if s.mark == '?' && len(s.words) > 1 {
			return true
		}
	}
	return false
}

// text joins the words again, a mark after each sentence that had one.
func (m message) text() string {
	var b strings.Builder
	for i, s := range m.sentences {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Join(s.words, " "))
		if s.mark != 0 {
			b.WriteByte(' ')
			b.WriteRune(s.mark)
		}
	}
	return b.String()
}

// normalise undoes what hides a word and splits the text into sentences.
func normalise(text string) message {
	text = norm.NFKC.String(strings.ToValidUTF8(clip(text), " "))
	var (
		m    message
		cur  sentence
		word strings.Builder
	)
	endWord := func() {
		if word.Len() > 0 {
			cur.words = append(cur.words, word.String())
			word.Reset()
		}
	}
	endSentence := func(mark rune) {
		endWord()
		if len(cur.words) > 0 {
			cur.mark = mark
			m.sentences = append(m.sentences, cur)
			cur = sentence{}
		}
	}
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´':
			// "don't" and "dont" are one word
		case r == '.' || r == '!' || r == '?' || r == '\n' || r == ';':
			mark := r
			if r == '\n' || r == ';' {
				mark = '.'
			}
			endSentence(mark)
		case unicode.Is(unicode.Cf, r):
			// zero-width characters hide nothing
		default:
			endWord()
		}
	}
	endSentence(0)
	return m
}

// clip keeps the beginning and the end of a text that is too long.
func clip(text string) string {
	if len(text) <= maxBytes {
		return text
	}
	head, tail := maxBytes/2, len(text)-maxBytes/2
	for head > 0 && !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return text[:head] + "\n" + text[tail:]
}
