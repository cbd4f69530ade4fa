package triage

import (
	"fmt"
	"math/bits"
	"strings"
)

// A pattern is a phrase over the words of one sentence:
//
//	i want to die         these words in this order
//	(want to|wanna)       one of these
//	{want}                a named choice, from a "let" line
//	really?               may be missing
//	_                     any one word
//	..                    none to three words
//	#                     a number ("3", "50mg", "ten")
//	1#                    a number that begins so ("180")
//	^ $                   the sentence's beginning and end
//
// It is a small tree. Matching from a word keeps the set of places where the
// part read so far can end, as bits of one number: there is no going back, so
// the cost is bounded by the pattern's length.
type node struct {
	kind  kind
	word  int32
	parts []*node // kindSeq, kindAlt: in order; kindOpt: one
	memo  int     // kindAlt of a let: its number from 1, so that it is read once a word

	// kindAlt: the parts that can begin with a word, and those that can begin
	// with any.
	first map[int32][]*node
	sieve [4]uint64 // bit w%256 for each word w of first: most words fall through it
	open  []*node
}

type kind uint8

const (
	kindWord kind = iota
	kindAny
	kindGap
	kindNumber
	kindStart
	kindEnd
	kindSeq
	kindAlt
	kindOpt
)

// gap is how many words ".." may stand for, and reach how many words a match
// may span: one bit each.
const (
	gap   = 3
	reach = 62
)

// compiler reads patterns and numbers their words.
type compiler struct {
	words map[string]int32
	lets  map[string]*node
	toks  []string
	at    int
}

func newCompiler() *compiler {
	return &compiler{words: make(map[string]int32), lets: make(map[string]*node)}
}

// let names a choice.
func (c *compiler) let(name, src string) error {
	n, err := c.compile(src)
	if err != nil {
		return err
	}
	if n.kind == kindAlt {
		n.memo = len(c.lets) + 1
	}
	c.lets[name] = n
	return nil
}

var spread = strings.NewReplacer("(", " ( ", ")", " ) ", "|", " | ", "?", " ? ", "{", " {", "}", "} ")

func (c *compiler) compile(src string) (*node, error) {
	c.toks, c.at = strings.Fields(spread.Replace(src)), 0
	n, err := c.choice()
	if err == nil && c.at < len(c.toks) {
		err = fmt.Errorf("stray %q", c.toks[c.at])
	}
	return n, err
}

func (c *compiler) peek() string {
	if c.at < len(c.toks) {
		return c.toks[c.at]
	}
	return ""
}

// choice reads alternatives separated by "|".
func (c *compiler) choice() (*node, error) {
	alt := &node{kind: kindAlt}
	for {
		seq, err := c.sequence()
		if err != nil {
			return nil, err
		}
		alt.parts = append(alt.parts, seq)
		if c.peek() != "|" {
			break
		}
		c.at++
	}
	if len(alt.parts) == 1 {
		return alt.parts[0], nil
	}
	alt.dispatch()
	return alt, nil
}

// sequence reads items up to "|", ")" or the end.
func (c *compiler) sequence() (*node, error) {
	seq := &node{kind: kindSeq}
	for c.at < len(c.toks) && c.peek() != "|" && c.peek() != ")" {
		n, err := c.item()
		if err != nil {
			return nil, err
		}
		c.at++
		if c.peek() == "?" {
			c.at++
			n = &node{kind: kindOpt, parts: []*node{n}}
		}
		seq.parts = append(seq.parts, n)
	}
	switch len(seq.parts) {
	case 0:
		return nil, fmt.Errorf("empty choice")
	case 1:
		return seq.parts[0], nil
	}
	return seq, nil
}

// item reads one word, gap or group, and leaves c.at on its last token.
func (c *compiler) item() (*node, error) {
	t := c.peek()
	switch {
	case t == "(":
		c.at++
		n, err := c.choice()
		if err == nil && c.peek() != ")" {
			err = fmt.Errorf("missing )")
		}
		return n, err
	case t == "?":
		return nil, fmt.Errorf("? after nothing")
	case t == "_":
		return &node{kind: kindAny}, nil
	case t == "..":
		return &node{kind: kindGap}, nil
	case t == "^":
		return &node{kind: kindStart}, nil
	case t == "$":
		return &node{kind: kindEnd}, nil
	case strings.HasSuffix(t, "#"):
		return &node{kind: kindNumber, word: int32(t[0])}, nil
	case strings.HasPrefix(t, "{"):
		n, ok := c.lets[strings.Trim(t, "{}")]
		if !ok {
			return nil, fmt.Errorf("no let named %s", t)
		}
		return n, nil
	}
	return &node{kind: kindWord, word: c.number(t)}, nil
}

// number gives a word its number, from 1; 0 is a word that no pattern knows.
func (c *compiler) number(word string) int32 {
	n, ok := c.words[word]
	if !ok {
		n = int32(len(c.words) + 1)
		c.words[word] = n
	}
	return n
}

// dispatch sorts the alternatives by the words they can begin with.
func (n *node) dispatch() {
	n.first = make(map[int32][]*node)
	for _, p := range n.parts {
		words, open := p.firsts()
		if open {
			n.open = append(n.open, p)
			continue
		}
		for _, w := range words {
			n.first[w] = append(n.first[w], p)
			n.sieve[w/64%4] |= 1 << (w % 64)
		}
	}
}

// firsts lists the words that can begin a match; open is true when others can
// too, or when the match can be empty.
func (n *node) firsts() (words []int32, open bool) {
	switch n.kind {
	case kindWord:
		return []int32{n.word}, false
	case kindAlt:
		for _, p := range n.parts {
			w, o := p.firsts()
			words, open = append(words, w...), open || o
		}
		return words, open
	case kindSeq:
		for _, p := range n.parts {
			if p.kind == kindStart {
				continue
			}
			if p.kind == kindOpt {
				w, o := p.parts[0].firsts()
				words, open = append(words, w...), open || o
				continue
			}
			w, o := p.firsts()
			return append(words, w...), open || o
		}
	}
	return words, true
}

// matcher reads one sentence.
type matcher struct {
	words []int32 // their numbers
	text  []string
	memos []memo
}

// memo is what a let matched from the word at.
type memo struct {
	at  int
	end uint64
}

// matches reports whether n matches from the word at on.
func (m *matcher) matches(n *node, at int) bool { return m.ends(n, at, 1) != 0 }

// ends returns where n can end, given where it can begin: bit k is the word
// at+k.
func (m *matcher) ends(n *node, at int, from uint64) uint64 {
	switch n.kind {
	case kindSeq:
		for _, p := range n.parts {
			if from = m.ends(p, at, from); from == 0 {
				return 0
			}
		}
		return from
	case kindOpt:
		return from | m.ends(n.parts[0], at, from)
	case kindGap:
		for range gap {
			from |= from << 1
		}
		return from & m.within(at)
	case kindAny:
		return from << 1 & m.within(at)
	case kindStart:
		if at > 0 {
			return 0
		}
		return from & 1
	case kindEnd:
		return from & m.closing(at)
	case kindAlt:
		return m.alternatives(n, at, from)
	}
	var to uint64
	for rest := from; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros64(rest)
		if at+k < len(m.words) && k < reach && m.is(n, at+k) {
			to |= 1 << (k + 1)
		}
	}
	return to
}

func (m *matcher) alternatives(n *node, at int, from uint64) uint64 {
	if n.memo > 0 && from == 1 {
		if s := &m.memos[n.memo]; s.at == at+1 {
			return s.end
		}
	}
	var to uint64
	for rest := from; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros64(rest)
		if at+k >= len(m.words) {
			continue
		}
		w := m.words[at+k]
		if n.sieve[w/64%4]>>(w%64)&1 == 0 {
			continue
		}
		for _, p := range n.first[w] {
			to |= m.ends(p, at, 1<<k)
		}
	}
	for _, p := range n.open {
		to |= m.ends(p, at, from)
	}
	if n.memo > 0 && from == 1 {
		m.memos[n.memo] = memo{at: at + 1, end: to}
	}
	return to
}

// is reports whether one word fits a word or number node.
func (m *matcher) is(n *node, at int) bool {
	if n.kind == kindWord {
		return m.words[at] == n.word
	}
	return isNumber(m.text[at]) && (n.word == '#' || int32(m.text[at][0]) == n.word)
}

// closing are the places that end the sentence, but for emoji.
func (m *matcher) closing(at int) uint64 {
	end := len(m.words)
	to := uint64(1) << min(end-at, reach)
	for ; end > at && strings.HasPrefix(m.text[end-1], "emoji"); end-- {
		to |= 1 << min(end-1-at, reach)
	}
	return to
}

// within masks the places that lie in the sentence and within reach.
func (m *matcher) within(at int) uint64 { return 1<<(min(len(m.words)-at, reach)+1) - 1 }

// isNumber reports whether a word is an amount: "3", "50mg", "ten".
func isNumber(w string) bool {
	if w[0] >= '0' && w[0] <= '9' {
		return true
	}
	switch w {
	case "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozen", "twelve",
		"fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "hundred":
		return true
	}
	return false
}
