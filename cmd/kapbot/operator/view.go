package operator

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"kapbot/cmd/kapbot/insights"
	"kapbot/cmd/kapbot/ops"
)

// view is what the template draws.
type view struct {
	Days     int
	Choices  []int
	Now      time.Time
	Health   ops.Report
	Adapters []adapter
	Summary  insights.Summary
	Charts   []chart
	Missing  string // why there are no charts, or ""
}

// chart is a drawing and the same numbers as a table.
type chart struct {
	ID, Title, Note string
	SVG             template.HTML
	Head            []string
	Rows            [][]string
	Empty           string // what is said instead, where there is nothing to draw
}

// adapter is how one adapter is.
type adapter struct {
	Name, Reason string
	Up           bool
	Since        time.Time
}

func adapterStates(names []string, r ops.Report) []adapter {
	all := make([]adapter, 0, len(names))
	for _, name := range names {
		a := adapter{Name: name, Up: true}
		for _, t := range r.Troubles {
			if t.Part == "adapter "+name {
				a.Up, a.Reason, a.Since = false, t.Reason, t.Since
			}
		}
		all = append(all, a)
	}
	return all
}

// most is how many bars a chart has; its table has all rows.
const most = 12

func (p *Page) charts(s insights.Summary) ([]chart, error) {
	draw := []func(insights.Summary) (chart, error){p.kinds, p.topics, p.subjects, p.ratings, p.latency}
	all := make([]chart, 0, len(draw))
	for _, f := range draw {
		c, err := f(s)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", c.ID, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// kinds are the questions over time, by the kind of reply.
func (p *Page) kinds(s insights.Summary) (chart, error) {
	c := chart{ID: "kinds", Title: "Questions over time, by kind of reply", Empty: "No question was asked in this time.", Head: []string{"From"}}
	layout := "2 Jan"
	if s.Step < 24*time.Hour {
		layout = "15:04"
	}
	labels := make([]string, len(s.Starts))
	for i, at := range s.Starts {
		labels[i] = at.Format(layout)
	}
	var series []named
	for _, k := range s.Kinds {
		series = append(series, named{k.Name, k.Periods})
		c.Head = append(c.Head, k.Name)
	}
	for i, label := range labels {
		row := []string{label}
		for _, k := range s.Kinds {
			row = append(row, number(k.Periods[i]))
		}
		c.Rows = append(c.Rows, row)
	}
	if s.Questions == 0 {
		c.Rows = nil
		return c, nil
	}
	var err error
	c.SVG, err = columns(c.Title, labels, series)
	return c, err
}

// topics are the topics that answered.
func (p *Page) topics(s insights.Summary) (chart, error) {
	c := chart{ID: "topics", Title: "Topics that answered", Empty: "No topic answered in this time.", Head: []string{"Topic", "Answers"}}
	questions := map[string]string{}
	for _, t := range p.o.Topics() {
		questions[t.ID] = t.Question
	}
	return ranked(c, s.Topics, func(id string) string {
		if q := questions[id]; q != "" {
			return q
		}
		return id
	})
}

// subjects are what people ask and no document covers.
func (p *Page) subjects(s insights.Summary) (chart, error) {
	c := chart{ID: "subjects", Title: "Subjects not covered", Empty: "Nothing that was asked was left without an answer.",
		Note: "What to write next.", Head: []string{"Subject", "Questions"}}
	return ranked(c, s.NotCovered, func(id string) string {
		if id == "" {
			return "(no known subject)"
		}
		return id
	})
}

func ranked(c chart, all []insights.Series, label func(string) string) (chart, error) {
	var labels []string
	var counts []int64
	for i, s := range all {
		c.Rows = append(c.Rows, []string{label(s.Name), number(s.N)})
		if i < most {
			labels, counts = append(labels, label(s.Name)), append(counts, s.N)
		}
	}
	if len(labels) == 0 {
		return c, nil
	}
	var err error
	c.SVG, err = bars(c.Title, labels, []named{{c.Head[1], counts}})
	return c, err
}

// ratings are what people thought of the answers.
func (p *Page) ratings(s insights.Summary) (chart, error) {
	c := chart{ID: "ratings", Title: "Ratings", Empty: "Nobody rated an answer in this time.", Head: []string{"Topic", "Helpful", "Not helpful"}}
	var labels []string
	yes, no := named{Name: "Helpful"}, named{Name: "Not helpful"}
	for i, r := range s.Ratings {
		c.Rows = append(c.Rows, []string{r.Topic, number(r.Helpful), number(r.NotHelpful)})
		if i < most {
			labels = append(labels, r.Topic)
			yes.Counts, no.Counts = append(yes.Counts, r.Helpful), append(no.Counts, r.NotHelpful)
		}
	}
	if len(labels) == 0 {
		return c, nil
	}
	var err error
	c.SVG, err = bars(c.Title, labels, []named{yes, no})
	return c, err
}

// latency is how long replies took, by adapter.
func (p *Page) latency(insights.Summary) (chart, error) {
	c := chart{ID: "latency", Title: "Time to a reply, since the start", Empty: "No reply was given since the start.",
		Note: "The post to the platform included.", Head: []string{"Up to"}}
	var labels []string
	var series []named
	for _, l := range p.o.Latency() {
		one := named{Name: l.Adapter}
		for i, b := range l.Buckets {
			if len(series) == 0 {
				labels = append(labels, upTo(b.UpTo))
				c.Rows = append(c.Rows, []string{upTo(b.UpTo)})
			}
			one.Counts = append(one.Counts, b.N)
			c.Rows[i] = append(c.Rows[i], number(b.N))
		}
		c.Head = append(c.Head, l.Adapter)
		series = append(series, one)
	}
	if len(series) == 0 {
		return c, nil
	}
	var err error
	c.SVG, err = columns(c.Title, labels, series)
	return c, err
}

func upTo(seconds float64) string {
	switch {
	case seconds < 0:
		return "more"
	case seconds < 1:
		return strconv.FormatFloat(seconds*1000, 'f', -1, 64) + " ms"
	default:
		return strconv.FormatFloat(seconds, 'f', -1, 64) + " s"
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
