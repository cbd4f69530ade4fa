package triage

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"kapbot/kb/linear"
)

//go:embed triage.model
var modelBytes []byte

// The model's classes, in the order of its margins: is anyone in danger; if
// so, in which way; and what must not be given.
const (
	danger = iota
	crisisMargin
	anotherMargin
	emergencyMargin
	dosingMargin
	obtainMargin
	adviceMargin
	margins
)

// classNames are what the model calls them.
var classNames = [margins]string{"danger", string(Crisis), string(CrisisForAnother), string(Emergency),
	string(Dosing), string(Obtain), string(MedicalAdvice)}

// thresholds are the margins from which on the model speaks. They are set by
// cross-validation when it is fitted (see fit.go), and kept with it.
type thresholds struct {
	Alarm float64 `json:"alarm"` // a crisis or emergency reply
	Quiet float64 `json:"quiet"` // the line of help
	Veto  float64 `json:"veto"`  // below it, a rule alone raises no alarm
	// Dosing, Obtain and Advice are those of the refusals; below NoRefusal a
	// rule alone does not refuse.
	Dosing    float64 `json:"dosing"`
	Obtain    float64 `json:"obtain"`
	Advice    float64 `json:"advice"`
	NoRefusal float64 `json:"no_refusal"`
	// Data is the fingerprint of what the model was fitted on.
	Data string `json:"data"`
}

// reader is the rules and the model together.
type reader struct {
	book   *book
	model  *linear.Model
	levels thresholds
}

var builtin = sync.OnceValue(func() *reader {
	r, err := openReader(modelBytes)
	if err != nil {
		panic("triage: triage.model: " + err.Error()) // compiled in, and opened by every test
	}
	return r
})

func openReader(data []byte) (*reader, error) {
	m, err := linear.Open(data, nil)
	if err != nil {
		return nil, err
	}
	return newReader(m)
}

func newReader(m *linear.Model) (*reader, error) {
	if m.Len() != margins {
		return nil, fmt.Errorf("model has %d classes, want %d", m.Len(), margins)
	}
	r := &reader{book: ruleBook(), model: m}
	if err := json.Unmarshal(m.Meta(), &r.levels); err != nil {
		return nil, fmt.Errorf("thresholds: %w", err)
	}
	return r, nil
}

// assess reads a message with rules and model.
func (r *reader) assess(text string) Assessment {
	m := normalise(text)
	fired := r.book.read(m)
	score := r.model.Score(m.excerpt(), fired.features()...)
	a := decide(score.Margins, m.words(), fired, r.alone(m, fired), r.levels)
	if a.Asks = m.asks(); a.Asks && a.Class.Alarm() {
		a.Question = r.question(text)
	}
	return a
}

// question is the first sentence of a message that ends in a question mark and
// speaks of no danger by itself, of the first few that ask.
func (r *reader) question(text string) string {
	const few = 3
	rest := clip(text)
	for asked := 0; asked < few; {
		end := strings.IndexAny(rest, ".?!\n")
		if end < 0 {
			return ""
		}
		part := strings.TrimSpace(rest[:end+1])
		rest = rest[end+1:]
		if !strings.HasSuffix(part, "?") || !strings.Contains(part, " ") {
			continue
		}
		asked++
		m := normalise(part)
		fired := r.book.read(m)
		if a := decide(r.model.Score(m.excerpt(), fired.features()...).Margins, m.words(), fired, nil, r.levels); !a.Class.Alarm() {
			return part
		}
	}
	return ""
}

// explain is assess with the n-grams that spoke.
func (r *reader) explain(text string) Assessment {
	a := r.assess(text)
	m := normalise(text)
	a.Evidence = append(a.Evidence, r.grams(a.Class, m, r.book.read(m))...)
	return a
}

// alone gives the margin of danger of one sentence by itself: a plain
// statement at the end of a long harmless message is no less plain.
func (r *reader) alone(m message, fired readings) func(sentence int) float64 {
	return func(at int) float64 {
		var here readings
		for _, f := range fired {
			if f.sentence == at {
				here = append(here, f)
			}
		}
		return r.model.Score(message{m.sentences[at : at+1]}.excerpt(), here.features()...).Margins[danger]
	}
}

// fewWords are too few for the model alone to refuse: "2." and "number four"
// pick a choice.
const fewWords = 3

// decide weighs margins and rules. A rule raises an alarm unless the model is
// far from it, in the message and in the rule's own sentence (alone; nil to
// leave that out). Of what remains, the most urgent is answered.
func decide(m []float64, words int, fired readings, alone func(int) float64, t thresholds) Assessment {
	var a Assessment
	rule, another := None, false
	for _, f := range fired {
		if f.sign() {
			continue
		}
		a.Evidence = append(a.Evidence, "rule "+f.name)
		if f.quiet || f.class.Alarm() {
			a.Resources = true
		}
		if !f.quiet && urgency(f.class) > urgency(rule) && f.holds(m, alone, t) {
			rule = f.class
		}
		another = another || f.class == CrisisForAnother && !f.quiet
	}
	if rule == Crisis && another { // rules heard both: the model says who is meant
		rule = kindOfDanger(m)
	}
	switch {
	case rule.Alarm():
		a.Class = rule
	case m[danger] > t.Alarm:
		a.Class = kindOfDanger(m)
	case rule != None:
		a.Class = rule
	case words >= fewWords:
		a.Class = refusal(m, t)
	}
	a.Resources = a.Resources || a.Class.Alarm() || m[danger] > t.Quiet
	return a
}

// holds reports whether the model lets the rule speak.
func (f reading) holds(m []float64, alone func(int) float64, t thresholds) bool {
	if !f.class.Alarm() {
		return m[marginOf(f.class)] > t.NoRefusal
	}
	return m[danger] > t.Veto || alone != nil && alone(f.sentence) > t.Veto
}

// kindOfDanger is the class of danger with the largest margin.
func kindOfDanger(m []float64) Class {
	switch {
	case m[emergencyMargin] > m[crisisMargin] && m[emergencyMargin] > m[anotherMargin]:
		return Emergency
	case m[anotherMargin] > m[crisisMargin]:
		return CrisisForAnother
	}
	return Crisis
}

// refusal is what must not be given, by how far the margin is over its
// threshold.
func refusal(m []float64, t thresholds) Class {
	best, over := None, 0.0
	for _, c := range []struct {
		class Class
		over  float64
	}{{Obtain, m[obtainMargin] - t.Obtain}, {Dosing, m[dosingMargin] - t.Dosing}, {MedicalAdvice, m[adviceMargin] - t.Advice}} {
		if c.over > over {
			best, over = c.class, c.over
		}
	}
	return best
}

func marginOf(c Class) int {
	switch c {
	case Crisis:
		return crisisMargin
	case CrisisForAnother:
		return anotherMargin
	case Emergency:
		return emergencyMargin
	case Dosing:
		return dosingMargin
	case Obtain:
		return obtainMargin
	case MedicalAdvice:
		return adviceMargin
	}
	return danger
}

// grams names the n-grams and signs that spoke for a class, strongest first.
func (r *reader) grams(c Class, m message, fired readings) []string {
	const most = 5
	class := danger
	if !c.Alarm() {
		class = marginOf(c)
	}
	var out []string
	for _, reason := range r.model.Explain(class, most, m.excerpt(), fired.features()...).For {
		out = append(out, fmt.Sprintf("%q %+.2f", reason.Gram, reason.Weight))
	}
	return out
}
