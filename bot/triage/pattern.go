package triage

import (
	"fmt"
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
//	^ $                   the sentence's beginning and end
//
// It is compiled into a small program and run at each word that can begin it.
// Gaps are short and there is no repetition, so the cost of a match is
// bounded by the pattern's own length.
type pattern struct {
	prog []inst
}

type inst struct {
	op   opcode
	word string
	x, y int // split: next instructions, tried in this order; jump: x
}

type opcode uint8

const (
	opWord opcode = iota
	opAny
	opNumber
	opStart
	opEnd
	opSplit
	opJump
	opMatch
)

// gap is how many words ".." may stand for.
const gap = 3

// compile reads a pattern; lets holds the named choices.
func compile(src string, lets map[string]string) (pattern, error) {
	for depth := 0; strings.Contains(src, "{"); depth++ {
		open := strings.Index(src, "{")
		end := strings.Index(src[open:], "}")
		if end < 0 || depth > 60 {
			return pattern{}, fmt.Errorf("unclosed or endless { in %q", src)
		}
		name := src[open+1 : open+end]
		body, ok := lets[name]
		if !ok {
			return pattern{}, fmt.Errorf("no let named %q", name)
		}
		src = src[:open] + "(" + body + ")" + src[open+end+1:]
	}
	for _, mark := range []string{"(", ")", "|", "?"} {
		src = strings.ReplaceAll(src, mark, " "+mark+" ")
	}
	c := compiler{toks: strings.Fields(src)}
	if err := c.choice(); err != nil {
		return pattern{}, err
	}
	if c.at < len(c.toks) {
		return pattern{}, fmt.Errorf("stray %q", c.toks[c.at])
	}
	c.emit(inst{op: opMatch})
	return pattern{prog: c.prog}, nil
}

// compiler is a recursive-descent reader of patterns.
type compiler struct {
	toks []string
	at   int
	prog []inst
}

func (c *compiler) emit(in inst) int {
	c.prog = append(c.prog, in)
	return len(c.prog) - 1
}

func (c *compiler) peek() string {
	if c.at < len(c.toks) {
		return c.toks[c.at]
	}
	return ""
}

// choice reads alternatives separated by "|".
func (c *compiler) choice() error {
	var jumps []int
	for {
		split := c.emit(inst{op: opSplit})
		if err := c.sequence(); err != nil {
			return err
		}
		c.prog[split].x = split + 1
		if c.peek() != "|" {
			c.prog[split].op, c.prog[split].y = opJump, 0
			break
		}
		c.at++
		jumps = append(jumps, c.emit(inst{op: opJump}))
		c.prog[split].y = len(c.prog)
	}
	for _, j := range jumps {
		c.prog[j].x = len(c.prog)
	}
	return nil
}

// sequence reads items up to "|", ")" or the end.
func (c *compiler) sequence() error {
	n := 0
	for ; c.at < len(c.toks) && c.peek() != "|" && c.peek() != ")"; n++ {
		if err := c.item(); err != nil {
			return err
		}
	}
	if n == 0 {
		return fmt.Errorf("empty choice")
	}
	return nil
}

// item reads one word, gap or group, and the "?" that may follow it.
func (c *compiler) item() error {
	split := c.emit(inst{op: opJump})
	c.prog[split].x = split + 1
	switch t := c.peek(); t {
	case "(":
		c.at++
		if err := c.choice(); err != nil {
			return err
		}
		if c.peek() != ")" {
			return fmt.Errorf("missing )")
		}
	case "?":
		return fmt.Errorf("? after nothing")
	case "_":
		c.emit(inst{op: opAny})
	case "..":
		at := len(c.prog)
		for i := range gap {
			c.emit(inst{op: opSplit, x: at + 2*gap, y: at + 2*i + 1})
			c.emit(inst{op: opAny})
		}
	case "#":
		c.emit(inst{op: opNumber})
	case "^":
		c.emit(inst{op: opStart})
	case "$":
		c.emit(inst{op: opEnd})
	default:
		c.emit(inst{op: opWord, word: t})
	}
	c.at++
	if c.peek() == "?" {
		c.at++
		c.prog[split].op, c.prog[split].y = opSplit, len(c.prog)
	}
	return nil
}

// firsts returns the words that can begin a match; all is true when any can.
func (p pattern) firsts() (words []string, all bool) {
	seen := make(map[int]bool)
	var walk func(pc int)
	walk = func(pc int) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := p.prog[pc]; in.op {
		case opWord:
			words = append(words, in.word)
		case opSplit:
			walk(in.x)
			walk(in.y)
		case opJump:
			walk(in.x)
		case opStart:
			walk(pc + 1)
		default:
			all = true
		}
	}
	walk(0)
	return words, all
}

// matchAt reports whether the pattern matches the words from position at on.
func (p pattern) matchAt(words []string, at int) bool { return p.run(0, words, at) }

func (p pattern) run(pc int, words []string, at int) bool {
	for {
		switch in := p.prog[pc]; in.op {
		case opMatch:
			return true
		case opWord:
			if at >= len(words) || words[at] != in.word {
				return false
			}
			at++
		case opAny:
			if at >= len(words) {
				return false
			}
			at++
		case opNumber:
			if at >= len(words) || !isNumber(words[at]) {
				return false
			}
			at++
		case opStart:
			if at != 0 {
				return false
			}
		case opEnd:
			if at != len(words) {
				return false
			}
		case opSplit:
			if p.run(in.x, words, at) {
				return true
			}
			pc = in.y
			continue
		case opJump:
			pc = in.x
			continue
		}
		pc++
	}
}

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
