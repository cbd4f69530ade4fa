package linear

import (
	"unicode"
	"unicode/utf8"
)

// Features says which n-grams of a text are looked at. Texts are lower-cased,
// apostrophes dropped ("don't" and "dont" are one word), and every mark but
// letters, digits and a few signs that carry meaning ($ % ? ! &) separates
// words.
type Features struct {
	// Words is the longest run of words taken as one feature; 0 for none.
	Words int `json:"words"`
	// CharMin and CharMax bound the runs of characters taken within a word,
	// the space on either side of it included; CharMax 0 for none.
	CharMin int `json:"char_min"`
	CharMax int `json:"char_max"`
}

// group is a family of features that is scaled to unit length by itself, so
// that the many character n-grams do not drown the few words.
type group uint8

const (
	wordGroup group = iota
	charGroup
	extraGroup
	groups
)

// gram is one n-gram of a text: its hash, and how often it occurs there.
type gram struct {
	hash  uint32
	group group
	count uint16
}

// grams appends the n-grams of text and of extra, sorted by hash, each once.
func (f Features) grams(dst []gram, text string, extra []string) []gram {
	start := len(dst)
	f.each(canonical(text), func(g group, hash uint32, _, _ int) {
		dst = append(dst, gram{hash: hash, group: g, count: 1})
	})
	for _, e := range extra {
		dst = append(dst, gram{hash: hashExtra(e), group: extraGroup, count: 1})
	}
	return dst[:start+len(merge(dst[start:]))]
}

// each calls emit for every n-gram of a canonical text; text[from:to] is its
// spelling.
func (f Features) each(text []byte, emit func(g group, hash uint32, from, to int)) {
	for start := 1; start < len(text); {
		end := wordEnd(text, start)
		f.eachRunOfWords(text, start, emit)
		f.eachRunOfChars(text, start-1, end+1, emit)
		start = end + 1
	}
}

func (f Features) eachRunOfWords(text []byte, start int, emit func(group, uint32, int, int)) {
	h := seed(wordGroup)
	from := start
	for n := 0; n < f.Words && start < len(text); n++ {
		end := wordEnd(text, start)
		for _, c := range text[start:end] {
			h = step(h, c)
		}
		emit(wordGroup, finish(h), from, end)
		h = step(h, ' ')
		start = end + 1
	}
}

func (f Features) eachRunOfChars(text []byte, from, to int, emit func(group, uint32, int, int)) {
	if f.CharMax == 0 {
		return
	}
	for i := from; i < to; i += runeLen(text[i]) {
		h := seed(charGroup)
		for n, j := 1, i; n <= f.CharMax && j < to; n++ {
			for end := j + runeLen(text[j]); j < end; j++ {
				h = step(h, text[j])
			}
			if n >= f.CharMin {
				emit(charGroup, finish(h), i, j)
			}
		}
	}
}

// wordEnd is the position of the space that ends the word at start.
func wordEnd(text []byte, start int) int {
	for text[start] != ' ' {
		start++
	}
	return start
}

// runeLen is the length of the UTF-8 sequence that begins with c. canonical
// texts are valid UTF-8.
func runeLen(c byte) int {
	switch {
	case c < 0xC0:
		return 1
	case c < 0xE0:
		return 2
	case c < 0xF0:
		return 3
	default:
		return 4
	}
}

// canonical spells a text as its words, each between single spaces:
// "Don't  STOP!" becomes " dont stop ! ". A text without words is empty.
func canonical(text string) []byte {
	out := make([]byte, 1, len(text)+8)
	out[0] = ' '
	for _, r := range text {
		switch {
		case r == '\'' || r == '’' || r == 'ʼ':
		case r == '$' || r == '%' || r == '?' || r == '!' || r == '&':
			if out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
			out = append(out, byte(r), ' ')
		case r < utf8.RuneSelf && ('a' <= r && r <= 'z' || '0' <= r && r <= '9'):
			out = append(out, byte(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			out = utf8.AppendRune(out, unicode.ToLower(r))
		case out[len(out)-1] != ' ':
			out = append(out, ' ')
		}
	}
	if len(out) > 1 && out[len(out)-1] != ' ' {
		out = append(out, ' ')
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// The hash is FNV-1a, 32 bits, with MurmurHash3's last mixing so that its
// upper bits are as even as its lower ones: the model's buckets use them.

func seed(g group) uint32 { return step(2166136261, byte(g)) }

func step(h uint32, c byte) uint32 { return (h ^ uint32(c)) * 16777619 }

func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

func hashExtra(s string) uint32 {
	h := seed(extraGroup)
	for i := range len(s) {
		h = step(h, s[i])
	}
	return finish(h)
}
