package triage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed rules.txt
var rulesText string

// rule is one named kind of wording and what it means.
type rule struct {
	name    string
	feature string   // what the model calls it
	class   Class    // None for a sign
	quiet   bool     // asks for the quiet line only
	unless  []string // guards that hold it back
}

// sign reports whether the rule only informs the model.
func (r rule) sign() bool { return r.class == None }

// book is the parsed rules.txt.
type book struct {
	rules  []rule
	guards map[string]int // guard name to number
	lifted [][2]uint64    // a guard, as a bit, and the one that it lifts
	words  map[string]int32
	lets   int
	first  [][]ref // by the number of a word that can begin the pattern
	open   []ref   // patterns that any word can begin
}

// ref is a pattern and what it belongs to: a rule, or a guard when rule < 0.
type ref struct {
	pattern *node
	rule    int
	guard   int
}

// knows reports whether a word stands in some pattern.
func (b *book) knows(word string) bool { return b.words[word] > 0 }

var ruleBook = sync.OnceValue(func() *book {
	b, err := parseRules(rulesText)
	if err != nil {
		panic("triage: rules.txt: " + err.Error()) // compiled in, and read by every test
	}
	return b
})

// parseRules reads the language described at the head of rules.txt.
func parseRules(src string) (*book, error) {
	p := parser{book: &book{guards: make(map[string]int)}, compiler: newCompiler(), owner: ref{rule: -1, guard: -1}}
	for n, line := range strings.Split(src, "\n") {
		line, _, _ = strings.Cut(line, "//")
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	p.book.words, p.book.lets = p.compiler.words, len(p.compiler.lets)
	p.index()
	return p.book, nil
}

// parser is at some line of rules.txt.
type parser struct {
	book     *book
	compiler *compiler
	owner    ref // what the next pattern belongs to
	refs     []ref
}

func (p *parser) line(line string) error {
	fields := strings.Fields(line)
	switch {
	case len(fields) == 0:
		return nil
	case line[0] == ' ' || line[0] == '\t':
		return p.pattern(line)
	case fields[0] == "let" && len(fields) > 3 && fields[2] == "=":
		return p.compiler.let(fields[1], strings.Join(fields[3:], " "))
	case fields[0] == "guard" && (len(fields) == 2 || len(fields) == 4 && fields[2] == "unless"):
		return p.guard(fields[1], fields[min(3, len(fields)):])
	case fields[0] == "sign" && len(fields) == 2:
		p.add(rule{name: fields[1], feature: "sign " + fields[1]})
		return nil
	case fields[0] == "rule" && len(fields) >= 4:
		r, err := p.book.parseRule(fields[1:])
		p.add(r)
		return err
	}
	return fmt.Errorf("want let, guard, sign, rule or an indented pattern")
}

func (p *parser) guard(name string, unless []string) error {
	p.owner = ref{rule: -1, guard: len(p.book.guards)}
	p.book.guards[name] = p.owner.guard
	for _, other := range unless {
		bit, ok := p.book.guards[other]
		if !ok {
			return fmt.Errorf("no guard named %q above", other)
		}
		p.book.lifted = append(p.book.lifted, [2]uint64{1 << bit, 1 << p.owner.guard})
	}
	return nil
}

func (p *parser) add(r rule) {
	p.owner = ref{rule: len(p.book.rules), guard: -1}
	p.book.rules = append(p.book.rules, r)
}

func (p *parser) pattern(src string) error {
	if p.owner.rule < 0 && p.owner.guard < 0 {
		return fmt.Errorf("a pattern before any rule or guard")
	}
	n, err := p.compiler.compile(src)
	if err != nil {
		return err
	}
	r := p.owner
	r.pattern = n
	p.refs = append(p.refs, r)
	return nil
}

// index sorts the patterns by the words that can begin them.
func (p *parser) index() {
	p.book.first = make([][]ref, len(p.book.words)+1)
	for _, r := range p.refs {
		words, open := r.pattern.firsts()
		if open {
			p.book.open = append(p.book.open, r)
			continue
		}
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			p.book.first[w] = append(p.book.first[w], r)
		}
	}
}

// parseRule reads "CLASS LEVEL NAME [unless GUARD...]".
func (b *book) parseRule(f []string) (rule, error) {
	r := rule{class: Class(f[0]), quiet: f[1] == "quiet", name: f[2], feature: "rule " + f[2]}
	if f[1] != "quiet" && f[1] != "alarm" {
		return r, fmt.Errorf("level %q is neither alarm nor quiet", f[1])
	}
	switch r.class {
	case Crisis, CrisisForAnother, Emergency, Dosing, Obtain, MedicalAdvice:
	default:
		return r, fmt.Errorf("unknown class %q", f[0])
	}
	if len(f) > 3 {
		if f[3] != "unless" {
			return r, fmt.Errorf("want unless, not %q", f[3])
		}
		r.unless = f[4:]
	}
	for _, g := range r.unless {
		if _, ok := b.guards[g]; !ok {
			return r, fmt.Errorf("no guard named %q", g)
		}
	}
	return r, nil
}

// readings are the rules and signs that a message fired, each once.
type readings []reading

// reading is a rule and the first sentence that fired it.
type reading struct {
	rule
	sentence int
}

// features are their names, for the model.
func (r readings) features() []string {
	out := make([]string, len(r))
	for i, f := range r {
		out[i] = f.feature
	}
	return out
}

// read runs the rules over every sentence that is not a quotation.
func (b *book) read(m message) readings {
	var out readings
	seen := make([]bool, len(b.rules))
	match := matcher{memos: make([]memo, b.lets+1)}
	for at, s := range m.sentences {
		if s.quoted {
			continue
		}
		match.text, match.words = s.words, match.words[:0]
		for _, w := range s.words {
			match.words = append(match.words, b.words[w])
		}
		clear(match.memos)
		for _, i := range b.fired(&match) {
			if !seen[i] {
				seen[i] = true
				out = append(out, reading{b.rules[i], at})
			}
		}
	}
	return out
}

// fired returns the rules that match a sentence and are not held back in it.
func (b *book) fired(m *matcher) []int {
	var hit sightings
	for at, w := range m.words {
		for _, r := range b.first[w] {
			hit.try(m, r, at)
		}
		for _, r := range b.open {
			hit.try(m, r, at)
		}
	}
	for _, l := range b.lifted {
		if hit.guards&l[0] != 0 {
			hit.guards &^= l[1]
		}
	}
	return slices.DeleteFunc(hit.order, func(i int) bool {
		return slices.ContainsFunc(b.rules[i].unless, func(g string) bool { return hit.guards&(1<<b.guards[g]) != 0 })
	})
}

// sightings are what a sentence has fired so far.
type sightings struct {
	rules  [4]uint64
	guards uint64
	order  []int
}

func (h *sightings) try(m *matcher, r ref, at int) {
	if r.rule >= 0 {
		if bit := uint64(1) << (r.rule % 64); h.rules[r.rule/64]&bit == 0 && m.matches(r.pattern, at) {
			h.rules[r.rule/64] |= bit
			h.order = append(h.order, r.rule)
		}
		return
	}
	if bit := uint64(1) << r.guard; h.guards&bit == 0 && m.matches(r.pattern, at) {
		h.guards |= bit
	}
}

// urgency orders the classes: where several fit, the most urgent is answered.
func urgency(c Class) int {
	switch c {
	case Emergency:
		return 6
	case Crisis:
		return 5
	case CrisisForAnother:
		return 4
	case Obtain:
		return 3
	case Dosing:
		return 2
	case MedicalAdvice:
		return 1
	}
	return 0
}
