package engine

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"kapbot/bot"
)

// Answerer is what the engine needs of a bot. *bot.Bot is one.
type Answerer interface {
	Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
	SlowDown() bot.Reply
	Failure() bot.Reply
}

// Options are the settings of an Engine. The zero value is good for production.
type Options struct {
	// Owner names this replica in the store. Default: random, which is right
	// wherever two processes might have the same name.
	Owner string
	// Secret keys the hashes of ids at rest. Replicas must share it. With none,
	// someone who has the database and guesses an id can check the guess.
	Secret []byte

	// Capacity is how many events of one adapter may be in hand. Default 1024.
	Capacity int
	// Lease is how long a claim lives without being renewed, and so about how
	// long a reply is late when its replica dies. Default 2 s: a copy that waits for it is
	// answered before Slack, after 3 s, takes its delivery for failed.
	Lease time.Duration
	// Patience is how long a copy waits for the replica that has the event.
	// Default 30 s.
	Patience time.Duration
	// Deadline is how long an event may take once its turn has come. Default 1 min.
	Deadline time.Duration
	// StoreTimeout is how long one step in the store may take. Default 3 s. A store that hangs is
	// given up after two of them, and nobody waits for it then.
	StoreTimeout time.Duration

	// PersonRate and ChannelRate limit messages; the zero value is the default,
	// 20 a minute in bursts of 10, and 120 a minute in bursts of 60.
	PersonRate, ChannelRate Rate

	// KeepUnanswered keeps redacted wordings of questions that no document covers.
	KeepUnanswered bool

	Observer Observer     // default: nobody watches
	Log      *slog.Logger // default: no log
}

// Rate is a limit: bursts of Burst, and PerMinute in the long run.
type Rate struct {
	PerMinute, Burst int
}

func (o Options) withDefaults() Options {
	def(&o.Owner, rand.Text())
	def(&o.Capacity, 1024)
	def(&o.Lease, 2*time.Second)
	def(&o.Patience, 30*time.Second)
	def(&o.Deadline, time.Minute)
	def(&o.StoreTimeout, 3*time.Second)
	def(&o.PersonRate, Rate{PerMinute: 20, Burst: 10})
	def(&o.ChannelRate, Rate{PerMinute: 120, Burst: 60})
	if o.Observer == nil {
		o.Observer = Unobserved{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
