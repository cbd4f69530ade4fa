package classify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"kapbot/kb/linear"
)

// Model ranks topics and subjects for a question. It is safe for concurrent use.
type Model struct {
	linear  *linear.Model
	topic   []bool // by class
	covered int    // the class
	meta    meta
	over    *linear.Model // what added documents change, or nil
}

// meta is what a model's file holds beside the weights.
type meta struct {
	Data        string      `json:"data"` // Digest of what it was fitted on
	Topics      []string    `json:"topics"`
	Replaced    []string    `json:"replaced,omitempty"` // subjects that an added topic took over
	Calibration Calibration `json:"calibration"`
}

// Candidate is a topic or subject that a question may be about.
type Candidate struct {
	Name   string
	Margin float64 // distance from the border of its class, positive for "in"
}

// Ranking is what the model makes of a question.
type Ranking struct {
	Topics   []Candidate // best first
	Subjects []Candidate // best first
	// Covered is the margin of "some topic answers this".
	Covered float64
	// UnseenWords is the share of words, 0 to 1, that the model never met.
	UnseenWords float64
	// Probability, 0 to 1, that the best topic answers.
	Probability float64
	// Verdict is what the probability allows to do.
	Verdict Verdict
}

// Verdict says what a probability is high enough for.
type Verdict int

// The verdicts. Their thresholds are chosen by cross-validation when the model
// is fitted.
const (
	Unlikely Verdict = iota // say that it is not covered
	Likely                  // offer the best topics
	Sure                    // answer
)

// Open reads a model from the bytes that Fit made, and keeps them.
func Open(data []byte) (*Model, error) {
	l, err := linear.Open(data, Normalize)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	m := &Model{linear: l, covered: -1, topic: make([]bool, l.Len())}
	if err := json.Unmarshal(l.Meta(), &m.meta); err != nil {
		return nil, fmt.Errorf("classify: model's calibration: %w", err)
	}
	topics := 0
	for i := range l.Len() {
		if l.Class(i) == coveredClass {
			m.covered = i
		}
		if slices.Contains(m.meta.Topics, l.Class(i)) {
			m.topic[i] = true
			topics++
		}
	}
	if m.covered < 0 || topics == 0 || topics+1 >= l.Len() {
		return nil, fmt.Errorf("classify: model has %d topics among %d classes", topics, l.Len())
	}
	if err := m.meta.Calibration.check(); err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	return m, nil
}

// Digest names the wordings and settings that the model was fitted with.
func (m *Model) Digest() string { return m.meta.Data }

// Rank puts the topics and subjects in order. prior is the name of the topic or
// subject that the conversation was about, or "".
func (m *Model) Rank(question, prior string) Ranking {
	r := m.rank(score(m.linear, question, extra(prior)...))
	if m.over != nil {
		m.lay(&r, score(m.over, question, extra(prior)...))
	}
	r.sort()
	r.Probability, r.Verdict = m.meta.Calibration.judge(r)
	return r
}

func extra(prior string) []string {
	if prior == "" {
		return nil
	}
	return []string{priorFeature(prior)}
}

// rank names a score's margins; they are not sorted yet.
func (m *Model) rank(s linear.Score) Ranking {
	r := Ranking{Covered: s.Margins[m.covered], UnseenWords: s.UnseenWords}
	for i, margin := range s.Margins {
		c := Candidate{Name: m.linear.Class(i), Margin: margin}
		switch {
		case i == m.covered:
		case m.topic[i]:
			r.Topics = append(r.Topics, c)
		default:
			r.Subjects = append(r.Subjects, c)
		}
	}
	return r
}

// lay puts an extension's margins in the place of the built-in ones, or beside
// them.
func (m *Model) lay(r *Ranking, s linear.Score) {
	gone := map[string]bool{}
	for _, name := range m.meta.Replaced {
		gone[name] = true
	}
	for i := range m.over.Len() {
		gone[m.over.Class(i)] = true
	}
	isGone := func(c Candidate) bool { return gone[c.Name] }
	r.Topics = slices.DeleteFunc(r.Topics, isGone)
	r.Subjects = slices.DeleteFunc(r.Subjects, isGone)
	r.UnseenWords = s.UnseenWords
	for i, margin := range s.Margins {
		c := Candidate{Name: m.over.Class(i), Margin: margin}
		switch {
		case c.Name == coveredClass:
			r.Covered = margin
		case slices.Contains(m.meta.Topics, c.Name):
			r.Topics = append(r.Topics, c)
		default:
			r.Subjects = append(r.Subjects, c)
		}
	}
}

// sort puts the best candidates first.
func (r *Ranking) sort() {
	for _, list := range [][]Candidate{r.Topics, r.Subjects} {
		slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(b.Margin, a.Margin) })
	}
}

// Explain names up to n n-grams that spoke for and against a topic or subject.
func (m *Model) Explain(name string, n int, question, prior string) (linear.Explanation, bool) {
	for _, l := range []*linear.Model{m.over, m.linear} {
		if l == nil {
			continue
		}
		for i := range l.Len() {
			if l.Class(i) == name {
				return l.Explain(i, n, question, extra(prior)...), true
			}
		}
	}
	return linear.Explanation{}, false
}
