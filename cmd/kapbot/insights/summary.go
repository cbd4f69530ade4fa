package insights

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// Summary is the report in the form in which it is shown.
type Summary struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Step is how long one of the periods in a Series is: an hour or a day.
	Step time.Duration `json:"-"`
	// Starts are the beginnings of the periods.
	Starts []time.Time `json:"starts"`

	Questions  int64            `json:"questions"`
	Kinds      []Series         `json:"kinds"`
	Adapters   []Series         `json:"adapters"`
	Topics     []Series         `json:"topics"`      // that answered
	NotCovered []Series         `json:"not_covered"` // subjects that no document covers; "" is a subject unknown
	Ratings    []Rating         `json:"ratings"`
	Unanswered []engine.Wording `json:"unanswered"`
}

// Series is how often one thing happened, in all and by period.
type Series struct {
	Name    string  `json:"name"`
	N       int64   `json:"n"`
	Periods []int64 `json:"periods"`
}

// Rating is what people thought of one topic's answers.
type Rating struct {
	Topic      string           `json:"topic"`
	Helpful    int64            `json:"helpful"`
	NotHelpful int64            `json:"not_helpful"`
	Reasons    map[string]int64 `json:"reasons,omitempty"` // why not
}

// hourly is the longest time that is shown by the hour; a longer one is shown by the day.
const hourly = 48 * time.Hour

// Summarize sums up r, which holds what was counted from since until until.
func Summarize(r engine.Report, since, until time.Time) Summary {
	s := Summary{Since: since.UTC(), Until: until.UTC(), Step: 24 * time.Hour, Unanswered: []engine.Wording{}}
	for _, u := range r.Unanswered {
		u.Text = printable(u.Text)
		s.Unanswered = append(s.Unanswered, u)
	}
	if until.Sub(since) <= hourly {
		s.Step = time.Hour
	}
	for at := s.Since.Truncate(s.Step); at.Before(s.Until); at = at.Add(s.Step) {
		s.Starts = append(s.Starts, at)
	}
	kinds, adapters, topics, subjects := s.counter(), s.counter(), s.counter(), s.counter()
	for _, c := range r.Counts {
		if !asked(c.Kind) {
			continue
		}
		s.Questions += c.N
		kinds.add(string(c.Kind), c)
		adapters.add(c.Adapter, c)
		switch c.Kind {
		case bot.Answer:
			topics.add(c.Topic, c)
		case bot.NotCovered:
			subjects.add(c.Topic, c)
		}
	}
	s.Kinds, s.Adapters, s.Topics, s.NotCovered = kinds.series(), adapters.series(), topics.series(), subjects.series()
	s.Ratings = ratings(r.Ratings)
	return s
}

// printable keeps what a person typed from steering a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

// asked reports whether a reply of this kind answers something that a person
// wrote. Notices and failures are the bot's own.
func asked(k bot.Kind) bool {
	return k != bot.Notice && k != bot.SlowDown && k != bot.Failure
}

// counter adds up counts by name and period.
type counter struct {
	starts []time.Time
	step   time.Duration
	byName map[string]*Series
}

func (s Summary) counter() counter { return counter{s.Starts, s.Step, map[string]*Series{}} }

func (c counter) add(name string, n engine.Count) {
	one := c.byName[name]
	if one == nil {
		one = &Series{Name: name, Periods: make([]int64, len(c.starts))}
		c.byName[name] = one
	}
	one.N += n.N
	if len(c.starts) == 0 {
		return
	}
	if i := int(n.Hour.Sub(c.starts[0]) / c.step); i >= 0 && i < len(one.Periods) {
		one.Periods[i] += n.N
	}
}

// series lists what was counted, most first.
func (c counter) series() []Series {
	all := []Series{}
	for _, s := range c.byName {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Series) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	return all
}

func ratings(counts []engine.RatingCount) []Rating {
	byTopic := map[string]*Rating{}
	for _, c := range counts {
		r := byTopic[c.Topic]
		if r == nil {
			r = &Rating{Topic: c.Topic, Reasons: map[string]int64{}}
			byTopic[c.Topic] = r
		}
		if c.Helpful {
			r.Helpful += c.N
			continue
		}
		r.NotHelpful += c.N
		if c.Reason != engine.NoReason {
			r.Reasons[string(c.Reason)] += c.N
		}
	}
	all := []Rating{}
	for _, r := range byTopic {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Rating) int {
		return cmp.Or(cmp.Compare(b.NotHelpful, a.NotHelpful), cmp.Compare(b.Helpful, a.Helpful), cmp.Compare(a.Topic, b.Topic))
	})
	return all
}
