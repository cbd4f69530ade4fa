package kb

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"kapbot/kb/classify"
)

//go:generate go run kapbot/cmd/fit

//go:embed kap.model
var builtinModel []byte

// openModel reads the built-in model, once.
var openModel = sync.OnceValues(func() (*classify.Model, error) { return classify.Open(builtinModel) })

// Ranking is what the documents have for a question.
type Ranking struct {
	Topics  []*Topic // best first
	Subject *Subject // what it is about if no topic answers, or nil
	// Probability, 0 to 1, that the best topic answers: of the questions given
	// 0.8, eight in ten are answered by it.
	Probability float64
	Verdict     classify.Verdict
	Model       classify.Ranking // by name, with margins
}

// Rank puts the topics in order for a question. prior is the id of the topic or
// subject that the conversation was about, or "".
func (l *Library) Rank(question, prior string) Ranking {
	m := l.model.Rank(question, bareName(prior))
	r := Ranking{Probability: m.Probability, Verdict: m.Verdict, Model: m}
	for _, c := range m.Topics {
		if t := l.named(c.Name); t != nil {
			r.Topics = append(r.Topics, t)
		}
	}
	r.Subject = l.subjects[m.Subjects[0].Name]
	if l.unfitted {
		found, err := l.bySearch(context.Background(), question, r)
		if err == nil {
			r = found // else the model's own word stands
		}
	}
	return r
}

// named finds a topic by the name that the model knows it by.
func (l *Library) named(name string) *Topic { return l.byID[name] }

// Reasons are the n-grams of a question that spoke for and against a topic or
// subject, strongest first, as "word +0.31".
func (l *Library) Reasons(id string, n int, question, prior string) (reasons []string) {
	e, ok := l.model.Explain(id, n, question, bareName(prior))
	if !ok {
		return nil
	}
	for _, r := range append(e.For, e.Against...) {
		reasons = append(reasons, fmt.Sprintf("%q %+.2f", r.Gram, r.Weight))
	}
	return reasons
}

// bareName is an id without its document's.
func bareName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }
