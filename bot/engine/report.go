package engine

import (
	"cmp"
	"slices"
	"time"

	"kapbot/bot"
)

// Report is what `kapbot insights` and the operator's page show.
type Report struct {
	Counts     []Count       `json:"counts"`
	Ratings    []RatingCount `json:"ratings"`
	Unanswered []Wording     `json:"unanswered"`
}

// Count is how many replies of one sort were given in one hour.
type Count struct {
	Hour    time.Time `json:"hour"` // its beginning, in UTC
	Adapter string    `json:"adapter"`
	Kind    bot.Kind  `json:"kind"`
	Topic   string    `json:"topic"`
	N       int64     `json:"n"`
}

// RatingCount is how many people rated a topic alike in one hour.
type RatingCount struct {
	Hour    time.Time `json:"hour"`
	Topic   string    `json:"topic"`
	Helpful bool      `json:"helpful"`
	Reason  Reason    `json:"reason"`
	N       int64     `json:"n"`
}

// Wording is a redacted question that no document covers, most asked first.
type Wording struct {
	Text string    `json:"text"`
	N    int64     `json:"n"`
	Last time.Time `json:"last"` // the hour in which it was last asked
}

// Sort puts a report in the order that Report promises, bytewise.
func (r *Report) Sort() {
	slices.SortFunc(r.Counts, func(a, b Count) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Adapter, b.Adapter),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Topic, b.Topic))
	})
	slices.SortFunc(r.Ratings, func(a, b RatingCount) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Topic, b.Topic),
			cmp.Compare(a.Reason, b.Reason), cmp.Compare(b.N, a.N))
	})
	slices.SortFunc(r.Unanswered, func(a, b Wording) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Text, b.Text))
	})
}
