package classify

import (
	"hash/fnv"

	"kapbot/kb/linear"
	"kapbot/kb/wordings"
)

// coveredClass is the name of the class of all lines that some topic answers.
const coveredClass = "(covered)"

// Set says which labels are topics and which answers are right for them.
type Set struct {
	// Covered reports whether a label is a topic's.
	Covered func(label string) bool
	// Right reports whether answering with the topic answers a question
	// labelled so.
	Right func(topic, label string) bool
}

// training is wordings as package linear wants them.
type training struct {
	set     Set
	lines   []linear.Line
	labels  []string
	copies  []bool // lines repeated with a prior that says nothing
	classes []linear.Class
}

// newTraining turns wordings into lines and classes. One self-contained wording
// in priorShare is repeated after a prior drawn from the others, so that what a
// conversation was about does not outweigh what is plainly asked.
func newTraining(all []wordings.Wording, set Set) training {
	t := training{set: set}
	for _, w := range all {
		line := linear.Line{Text: w.Text, Group: w.Text}
		if w.Prior != "" {
			line.Extra = []string{priorFeature(w.Prior)}
		}
		t.add(line, w.Label, false)
		draw := hash(w.Text)
		if w.Prior == "" && len(w.Text) < priorMaxLength && draw%priorShare == 0 {
			other := all[int(draw/priorShare)%len(all)].Label
			line.Extra = []string{priorFeature(other)}
			t.add(line, w.Label, true)
		}
	}
	t.classes = linear.OneVsRest(t.labels)
	covered := linear.Class{Name: coveredClass, In: make([]bool, len(t.labels))}
	for i, l := range t.labels {
		covered.In[i] = set.Covered(l)
	}
	t.classes = append(t.classes, covered)
	return t
}

const (
	priorShare     = 4
	priorMaxLength = 100 // long wordings are whole stories: nobody tells them twice
)

func (t *training) add(line linear.Line, label string, isCopy bool) {
	t.lines = append(t.lines, line)
	t.labels = append(t.labels, label)
	t.copies = append(t.copies, isCopy)
}

func priorFeature(name string) string { return "prior:" + name }

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}
