package bot

import (
	"slices"
	"time"
)

const (
	topicTTL  = 30 * time.Minute // how long a follow-up finds its topic
	crisisTTL = time.Hour        // how long the line of help stays after a crisis
)

// Conversation is what the bot remembers between two messages of one
// conversation: ids and times, never words. It is a plain value: Bot.Reply takes
// the old one and returns the new one, and whoever calls it decides where to
// keep it (a variable, a store, a signed token). The zero value is a
// conversation that has not begun.
type Conversation struct {
	// Topic is the id of the topic or subject that the last reply was about.
	Topic string `json:"topic,omitempty"`
	// Offered holds the ids of the topics that the last reply offered, so that a
	// person can answer with a number.
	Offered []string `json:"offered,omitempty"`
	// Turn counts the replies given, so that wording can vary without chance.
	Turn int `json:"turn,omitempty"`
	// At is the time of the last reply.
	At time.Time `json:"at,omitzero"`
	// CrisisUntil is set when someone was in danger: until then every reply
	// carries the line of help.
	CrisisUntil time.Time `json:"crisis_until,omitzero"`
}

// current drops what has grown too old to be meant.
func (c Conversation) current(now time.Time) Conversation {
	if now.Sub(c.At) > topicTTL {
		c.Topic, c.Offered = "", nil
	}
	if now.After(c.CrisisUntil) {
		c.CrisisUntil = time.Time{}
	}
	return c
}

// after returns the conversation as it stands once r has been given at now.
func (c Conversation) after(r Reply, now time.Time) Conversation {
	c.Turn++
	c.At = now
	c = c.Offering(r)
	switch r.Kind() {
	case Answer, NotCovered:
		c.Topic = r.Topic()
	case Clarify: // until one is picked, the likeliest is what a follow-up leans on
		c.Topic = c.Offered[0]
	case Crisis, Emergency:
		c.CrisisUntil = now.Add(crisisTTL)
	}
	return c
}

// Equal reports whether two conversations remember the same.
func (c Conversation) Equal(d Conversation) bool {
	return c.Topic == d.Topic && c.Turn == d.Turn && c.At.Equal(d.At) &&
		c.CrisisUntil.Equal(d.CrisisUntil) && slices.Equal(c.Offered, d.Offered)
}

// Offering returns the conversation with r's related topics as what was offered
// last: for a reply, such as a welcome, that was not made by Bot.Reply.
func (c Conversation) Offering(r Reply) Conversation {
	c.Offered = nil
	for _, choice := range r.d.related {
		c.Offered = append(c.Offered, choice.ID)
	}
	if c.At.IsZero() {
		c.At = time.Now()
	}
	return c
}
