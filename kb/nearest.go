package kb

import (
	"context"
	"math"
	"slices"
	"strings"
)

// analysed is an entry's passages with their terms.
type analysed struct {
	passages []Passage
	terms    [][]string
}

// analysed returns the entry's passages, analysed now or lately.
func (l *Library) analysed(e entry) analysed {
	if a, ok := l.lately.Get(e); ok {
		return a
	}
	a := analysed{passages: e.passages()}
	for _, p := range a.passages {
		a.terms = append(a.terms, terms(l.analyzer, p.Text))
	}
	l.lately.Add(e, a)
	return a
}

// Best returns the passage of topic's text that comes nearest to the question,
// or to the part of a long message that asks; "" if none shares a word with it.
func (l *Library) Best(ctx context.Context, topic *Topic, text string) (string, error) {
	q, err := l.ask(ctx, Asking(text))
	if err != nil {
		return "", err
	}
	p, score := l.pick(q, entry{topic: topic}, func(k PassageKind) bool { return k == SentencePassage || k == ItemPassage })
	if score == 0 {
		return "", nil
	}
	return p.Text, nil
}

// nearest is the passage of an entry that comes nearest to the question.
func (l *Library) nearest(q question, e entry) Passage {
	p, _ := l.pick(q, e, func(PassageKind) bool { return true })
	return p
}

// pick is the best passage among those of some kinds; the first of equals. Its
// score is 0 if none shares a word with the question.
func (l *Library) pick(q question, e entry, wanted func(PassageKind) bool) (chosen Passage, score float64) {
	a := l.analysed(e)
	for i, p := range a.passages {
		if !wanted(p.Kind) {
			continue
		}
		if s := l.closeness(q, a.terms[i]); s > score || chosen.Kind == "" {
			chosen, score = p, s
		}
	}
	return chosen, score
}

// Of BM25 (S. Robertson and H. Zaragoza, 2009): how much a long passage is held
// back, and the length that is not. Within an entry, words that stand together
// in question and passage count more.
const (
	lengthShare = 0.4
	usualLength = 12
	together    = 0.5
)

// closeness is how near a passage, as its terms, comes to a question: the rarer
// the words that they share, the nearer.
func (l *Library) closeness(q question, passage []string) float64 {
	sum := 0.0
	n := float64(len(l.entries))
	for _, t := range q.terms {
		if slices.Contains(passage, t.text) {
			c := float64(t.count())
			sum += t.weight * math.Log(1+(n-c+0.5)/(c+0.5))
		}
	}
	for i := 1; i < len(q.words); i++ {
		if adjacent(passage, q.words[i-1], q.words[i]) {
			sum += together
		}
	}
	return sum / (1 - lengthShare + lengthShare*float64(len(passage))/usualLength)
}

func adjacent(passage []string, a, b string) bool {
	for i := 1; i < len(passage); i++ {
		if passage[i-1] == a && passage[i] == b {
			return true
		}
	}
	return false
}

// Closest puts topics in order for a question, the nearest first; those that
// share no word with it come last, in the order given.
func (l *Library) Closest(ctx context.Context, text string, topics []*Topic) ([]*Topic, error) {
	q, err := l.ask(ctx, text)
	if err != nil {
		return nil, err
	}
	scores := map[*Topic]float64{}
	for _, t := range topics {
		_, scores[t] = l.pick(q, entry{topic: t}, func(PassageKind) bool { return true })
	}
	sorted := slices.Clone(topics)
	slices.SortStableFunc(sorted, func(a, b *Topic) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	return sorted, nil
}

// nearby is how many topics Near lists.
const nearby = 8

// Near lists the topics nearest to a topic, nearest first, up to eight: what to
// read next. Studies come after other topics, but for a study, before them. It
// is found once a topic.
func (l *Library) Near(ctx context.Context, topic *Topic) ([]*Topic, error) {
	if near, ok := l.near.Get(topic); ok {
		return near, nil
	}
	hits, err := l.Search(ctx, topic.Question+" "+strings.Join(topic.Passages(), " "), 2*nearby)
	if err != nil {
		return nil, err
	}
	var like, unlike []*Topic
	for _, h := range hits {
		switch {
		case h.Topic == nil || h.Topic == topic:
		case (h.Topic.Study != nil) == (topic.Study != nil):
			like = append(like, h.Topic)
		default:
			unlike = append(unlike, h.Topic)
		}
	}
	near := append(like, unlike...)
	near = near[:min(nearby, len(near))]
	l.near.Add(topic, near)
	return near, nil
}
