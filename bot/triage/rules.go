package triage

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed rules.txt
var rulesText string

// rule is one named kind of wording and what it means.
type rule struct {
	name   string
	class  Class    // None for a sign
	quiet  bool     // asks for the quiet line only
	unless []string // guards that hold it back
}

// sign reports whether the rule only informs the model.
func (r rule) sign() bool { return r.class == None }

// book is the parsed rules.txt.
type book struct {
	rules  []rule
	guards map[string]int // guard name to bit
	first  map[string][]ref
	always []ref
	known  map[string]bool // every word of every pattern
}

// ref is a pattern and what it belongs to: a rule, or a guard when rule < 0.
type ref struct {
	pattern pattern
	rule    int
	guard   int
}

var ruleBook = sync.OnceValue(func() *book {
	b, err := parseRules(rulesText)
	if err != nil {
		panic("triage: rules.txt: " + err.Error()) // compiled in, and read by every test
	}
	return b
})

// parseRules reads the language described at the head of rules.txt.
func parseRules(src string) (*book, error) {
	b := &book{guards: make(map[string]int), first: make(map[string][]ref), known: make(map[string]bool)}
	lets := make(map[string]string)
	owner := ref{rule: -1, guard: -1}
	for n, line := range strings.Split(src, "\n") {
		line, _, _ = strings.Cut(line, "//")
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case fields[0] == "let" && len(fields) > 3 && fields[2] == "=":
			lets[fields[1]] = strings.Join(fields[3:], " ")
		case fields[0] == "guard" && len(fields) == 2:
			owner = ref{rule: -1, guard: len(b.guards)}
			b.guards[fields[1]] = owner.guard
		case fields[0] == "sign" && len(fields) == 2:
			owner = ref{rule: len(b.rules), guard: -1}
			b.rules = append(b.rules, rule{name: fields[1]})
		case fields[0] == "rule" && len(fields) >= 4:
			r, err := b.parseRule(fields[1:])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			owner = ref{rule: len(b.rules), guard: -1}
			b.rules = append(b.rules, r)
		case line[0] == ' ' || line[0] == '\t':
			if err := b.addPattern(line, lets, owner); err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
		default:
			return nil, fmt.Errorf("line %d: want let, guard, sign, rule or an indented pattern", n+1)
		}
	}
	return b, nil
}

// parseRule reads "CLASS LEVEL NAME [unless GUARD...]".
func (b *book) parseRule(f []string) (rule, error) {
	r := rule{class: Class(f[0]), quiet: f[1] == "quiet", name: f[2]}
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

func (b *book) addPattern(src string, lets map[string]string, owner ref) error {
	if owner.rule < 0 && owner.guard < 0 {
		return fmt.Errorf("a pattern before any rule or guard")
	}
	p, err := compile(src, lets)
	if err != nil {
		return err
	}
	owner.pattern = p
	for _, in := range p.prog {
		if in.op == opWord {
			b.known[in.word] = true
		}
	}
	words, all := p.firsts()
	if all {
		b.always = append(b.always, owner)
		return nil
	}
	for _, w := range words {
		b.first[w] = append(b.first[w], owner)
	}
	return nil
}

// assess runs the rules alone.
func (b *book) assess(m message) Assessment {
	var a Assessment
	for _, s := range m.sentences {
		if s.quoted {
			continue
		}
		for _, r := range b.fired(s) {
			if r.sign() {
				continue
			}
			a.Evidence = append(a.Evidence, "rule:"+r.name)
			a.Resources = a.Resources || r.quiet || r.class.Alarm()
			if !r.quiet && urgency(r.class) > urgency(a.Class) {
				a.Class = r.class
			}
		}
	}
	return a
}

// fired returns the rules that match a sentence and are not held back in it.
func (b *book) fired(s sentence) []rule {
	guards := make(map[int]bool)
	hit := make(map[int]bool)
	var order []int
	try := func(r ref, at int) {
		if r.rule >= 0 && hit[r.rule] || r.guard >= 0 && guards[r.guard] || !r.pattern.matchAt(s.words, at) {
			return
		}
		if r.guard >= 0 {
			guards[r.guard] = true
			return
		}
		hit[r.rule] = true
		order = append(order, r.rule)
	}
	for at, w := range s.words {
		for _, r := range b.first[w] {
			try(r, at)
		}
		for _, r := range b.always {
			try(r, at)
		}
	}
	var out []rule
next:
	for _, i := range order {
		for _, g := range b.rules[i].unless {
			if guards[b.guards[g]] {
				continue next
			}
		}
		out = append(out, b.rules[i])
	}
	return out
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
