package classify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kapbot/kb/linear"
	"kapbot/kb/wordings"
)

// Added is a topic or subject of a document that is added to the built-in one.
type Added struct {
	Name     string // "clinic/cost"
	Topic    bool   // the document answers it
	Replaces string // the built-in subject that it takes over, or ""
	Wordings []string
}

// addedCost weighs a mistake on an added document's wordings: there are ten of
// them where a built-in topic has a thousand.
const addedCost = 4

// confusable is the share of an added topic's wordings that a built-in class
// must claim to be fitted again with those wordings as counterexamples.
const confusable = 0.2

// Extend fits what added documents change and nothing else: a class for each
// topic and subject added, the built-in classes that would claim their
// wordings, and "covered". It takes seconds; the bytes are for With.
func Extend(ctx context.Context, base *Model, builtin []wordings.Wording, added []Added) ([]byte, error) {
	replaced := map[string]Added{}
	for _, a := range added {
		if a.Replaces != "" {
			replaced[a.Replaces] = a
		}
	}
	topics := slices.Clone(base.meta.Topics)
	var all []wordings.Wording
	for _, w := range builtin {
		if a, ok := replaced[w.Label]; ok {
			w.Label = a.Name
		}
		all = append(all, w)
	}
	own := map[string]bool{}
	for _, a := range added {
		if a.Topic {
			topics = append(topics, a.Name)
		}
		for _, text := range a.Wordings {
			all = append(all, wordings.Wording{Label: a.Name, Text: text})
			own[text] = true
		}
	}
	t := newTraining(all, Set{Covered: func(label string) bool { return slices.Contains(topics, label) }})
	for i := range t.lines {
		if own[t.lines[i].Text] {
			t.lines[i].Cost = addedCost
		}
	}
	names := base.rivals(added)
	classes := slices.DeleteFunc(t.classes, func(c linear.Class) bool { return !slices.Contains(names, c.Name) })
	l, err := linear.Fit(ctx, t.lines, classes, Recipe())
	if err != nil {
		return nil, fmt.Errorf("classify: fit added documents: %w", err)
	}
	m := meta{Data: ExtensionDigest(base, added), Topics: topics, Calibration: base.meta.Calibration}
	for name := range replaced {
		m.Replaced = append(m.Replaced, name)
	}
	slices.Sort(m.Replaced)
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	return l.WithMeta(head).Bytes(), nil
}

// rivals names the classes to fit: those added, "covered", and every class that
// claims a good part of an added topic's wordings.
func (m *Model) rivals(added []Added) []string {
	names := []string{coveredClass}
	claims := map[string]bool{}
	for _, a := range added {
		names = append(names, a.Name)
		count := map[string]int{}
		for _, text := range a.Wordings {
			r := m.rank(score(m.linear, text))
			for _, c := range append(r.Topics, r.Subjects...) {
				if c.Margin > -0.3 {
					count[c.Name]++
				}
			}
		}
		for name, n := range count {
			if float64(n) >= confusable*float64(len(a.Wordings)) {
				claims[name] = true
			}
		}
	}
	for name := range claims {
		names = append(names, name)
	}
	return names
}

// ExtensionDigest names an extension of base: it changes with the model, with
// the documents' wordings and with the recipe.
func ExtensionDigest(base *Model, added []Added) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %v %v\n", base.meta.Data, addedCost, confusable)
	for _, a := range added {
		fmt.Fprintf(h, "%q %v %q %q\n", a.Name, a.Topic, a.Replaces, a.Wordings)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

// With is the model with an extension laid over it.
func (m *Model) With(extension []byte) (*Model, error) {
	l, err := linear.Open(extension, Normalize)
	if err != nil {
		return nil, fmt.Errorf("classify: extension: %w", err)
	}
	out := &Model{linear: m.linear, topic: m.topic, covered: m.covered, over: l}
	if err := json.Unmarshal(l.Meta(), &out.meta); err != nil {
		return nil, fmt.Errorf("classify: extension: %w", err)
	}
	if err := out.meta.Calibration.check(); err != nil {
		return nil, fmt.Errorf("classify: extension: %w", err)
	}
	return out, nil
}
