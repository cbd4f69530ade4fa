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

// message is a text made ready for reading: lower case, without accents,
// look-alikes and markup undone, split into sentences of words. "Don't" is
// "dont", an emoji that matters is a word such as "emojipill".
type message struct {
	sentences []sentence
}

// sentence is one run of words and the mark that closed it ('.', '?', '!' or
// 0 when the text simply stopped).
type sentence struct {
	words  []string
	mark   rune
	quoted bool // it stands between double quotes: someone's words, not the writer's
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

// words counts the words.
func (m message) words() int {
	n := 0
	for _, s := range m.sentences {
		n += len(s.words)
	}
	return n
}

// mostScored bounds what the model scores of a message, in bytes. Rules read
// all of it.
const mostScored = 1600

// excerpt is the message's text, and of a long one the beginning and the end:
// what a long message is about stands there.
func (m message) excerpt() string {
	t := m.text()
	if len(t) <= mostScored {
		return t
	}
	head := strings.LastIndexByte(t[:mostScored/2], ' ')
	tail := len(t) - mostScored/2
	tail += max(strings.IndexByte(t[tail:], ' '), 0)
	if head < 0 {
		head = 0
	}
	return strings.ToValidUTF8(t[:head]+t[tail:], "")
}

// text joins the words again, with the marks that carry meaning.
func (m message) text() string {
	var b strings.Builder
	for i, s := range m.sentences {
		if i > 0 {
			b.WriteByte(' ')
		}
		for j, w := range s.words {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w)
		}
		if s.mark == '?' || s.mark == '!' {
			b.WriteByte(' ')
			b.WriteRune(s.mark)
		}
	}
	return b.String()
}

// normalise undoes what hides a word and splits the text into sentences.
func normalise(text string) message {
	s := splitter{text: foldMarkup(norm.NFKD.String(strings.ToValidUTF8(clip(text), " ")))}
	s.latin = mostlyLatin(s.text)
	s.split()
	for i := range s.out.sentences {
		s.out.sentences[i].words = respell(s.out.sentences[i].words)
	}
	return s.out
}

// splitter cuts a decomposed text into sentences and words.
type splitter struct {
	text   string
	latin  bool // foreign letters that look Latin are meant as Latin
	quoted bool
	base   rune // the last letter, for the marks upon it
	word   []byte
	out    message
	cur    sentence
}

func (s *splitter) endWord() {
	if len(s.word) > 0 {
		s.cur.words = append(s.cur.words, string(s.word))
		s.word = s.word[:0]
	}
}

func (s *splitter) endSentence(mark rune) {
	s.endWord()
	if len(s.cur.words) > 0 {
		s.cur.mark, s.cur.quoted = mark, s.quoted
		s.out.sentences = append(s.out.sentences, s.cur)
		s.cur = sentence{}
	} else if n := len(s.out.sentences); n > 0 && mark == '?' {
		s.out.sentences[n-1].mark = mark // "really!?"
	}
}

func (s *splitter) split() {
	for i, r := range s.text {
		switch {
		case r < utf8.RuneSelf:
			s.ascii(r, i)
		case unicode.Is(unicode.Mn, r):
			if !foldsMarks(s.base) {
				s.word = utf8.AppendRune(s.word, r)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			s.letter(unicode.ToLower(r))
		case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
			// "don’t" and "dont" are one word
		case r == '“' || r == '”' || r == '«' || r == '»' || r == '„':
			s.quote()
		case r == '。' || r == '…' || r == '—':
			s.endSentence('.')
		case r == '؟' || r == '？':
			s.endSentence('?')
		case unicode.Is(unicode.Cf, r):
			// zero-width characters hide nothing
		default:
			s.endWord()
			if name, ok := emoji[r]; ok {
				s.cur.words = append(s.cur.words, name)
			}
		}
	}
	s.endSentence(0)
}

func (s *splitter) letter(r rune) {
	if s.latin {
		if l, ok := lookalikes[r]; ok {
			r = l
		}
	}
	s.base = r
	s.word = utf8.AppendRune(s.word, r)
}

// ascii reads the letters, digits and marks of the keyboard. A mark between
// two letters may stand for a letter ("su*cide", "k!ll"): it stays in the
// word, and respell decides.
func (s *splitter) ascii(r rune, at int) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		s.base = r
		s.word = append(s.word, byte(r))
	case 'A' <= r && r <= 'Z':
		s.base = r
		s.word = append(s.word, byte(r)+'a'-'A')
	case r == '\'' || r == '`':
	case r == '"':
		s.quote()
	case strings.ContainsRune(inWord, r) && len(s.word) > 0 && s.letterAt(at+1):
		s.word = append(s.word, byte(r))
	case r == '.' || r == '!' || r == '?':
		s.endSentence(r)
	case r == '\n' || r == ';':
		s.endSentence('.')
	case r == ',' && s.asked() && startsWithI(s.text[at+1:]):
		s.endSentence('?')
	default:
		s.endWord()
	}
}

// asked reports whether the sentence so far begins like a question.
func (s *splitter) asked() bool {
	s.endWord()
	if len(s.cur.words) == 0 {
		return false
	}
	switch s.cur.words[0] {
	case "does", "do", "did", "is", "are", "can", "could", "how", "what", "whats", "which", "who", "where", "when", "why", "will", "would", "should":
		return true
	}
	return false
}

// startsWithI reports whether the writer speaks of themselves next.
func startsWithI(text string) bool {
	word := strings.ToLower(strings.TrimLeft(text[:min(len(text), 8)], " "))
	word, _, _ = strings.Cut(word, " ")
	switch strings.ReplaceAll(word, "'", "") {
	case "i", "im", "ive", "id", "ill":
		return true
	}
	return false
}

// inWord are the marks that may stand within a word.
const inWord = "*@$!#.-_+"

func (s *splitter) letterAt(i int) bool {
	return i < len(s.text) && (s.text[i]|0x20 >= 'a' && s.text[i]|0x20 <= 'z' || s.text[i] >= '0' && s.text[i] <= '9')
}

// quote opens or closes a quotation and keeps it a sentence of its own.
func (s *splitter) quote() {
	s.endSentence(0)
	s.quoted = !s.quoted
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

// mostlyLatin reports whether most letters are Latin, or some word mixes Latin
// letters with others: then a Cyrillic "а" is a disguise. In a Russian text it
// is a letter.
func mostlyLatin(text string) bool {
	latin, other := 0, 0
	before := 0 // what the letter before was: 1 Latin, 2 other
	for _, r := range text {
		is := 0
		switch {
		case r < utf8.RuneSelf:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				latin, is = latin+1, 1
			}
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			is = before
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			other, is = other+1, 2
		}
		if is+before == 3 {
			return true
		}
		before = is
	}
	return latin >= other
}
