package gateway

import (
	"context"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"kapbot/bot/engine"
)

// Info is what GET /gateway/bot says.
type Info struct {
	URL            string
	Shards         int           // recommended
	MaxConcurrency int           // shards that may identify at once
	Remaining      int           // IDENTIFYs left today
	ResetAfter     time.Duration // until there are more
}

// Store is what the replicas share: who owns which shard, and where its session is.
type Store interface {
	engine.Leases
	engine.Settings
}

// Options say how to connect. Token, Info, Handle, Store and Owner are required; every
// duration has a default.
type Options struct {
	Token   string
	Intents int

	// Shards is the number of shards, the same in all replicas; 0 takes what
	// Discord recommends.
	Shards int

	// Info asks Discord for the gateway's address and the budget of sessions.
	Info func(ctx context.Context) (Info, error)

	// Handle takes one event. Events of a shard come one at a time, in order. An error
	// means that the event was not taken: it is asked for again.
	Handle func(ctx context.Context, e Event) error

	// Store is shared by the replicas. Owner names this one in it.
	Store Store
	Owner string

	Log    *slog.Logger
	Dialer *websocket.Dialer

	Lease         time.Duration // a lease's time to live; default 3 s
	Hello         time.Duration // wait for HELLO; default 10 s
	Ready         time.Duration // wait for READY or RESUMED; default 10 s
	Ack           time.Duration // wait for a heartbeat's acknowledgement; default 10 s
	Write         time.Duration // for one write; default 5 s
	IdentifyEvery time.Duration // between IDENTIFYs of a bucket; default 5 s
	Pause         time.Duration // before IDENTIFY after op 9, at random up to five times it; default 1 s
	BackoffMin    time.Duration // default 500 ms
	BackoffMax    time.Duration // default 10 s
	Steady        time.Duration // a connection that lived so long resets the backoff; default 10 s
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.Lease, 3 * time.Second}, {&o.Hello, 10 * time.Second}, {&o.Ready, 10 * time.Second}, {&o.Ack, 10 * time.Second},
		{&o.Write, 5 * time.Second}, {&o.IdentifyEvery, 5 * time.Second}, {&o.Pause, time.Second},
		{&o.BackoffMin, 500 * time.Millisecond}, {&o.BackoffMax, 10 * time.Second}, {&o.Steady, 10 * time.Second},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dialer == nil {
		o.Dialer = &websocket.Dialer{HandshakeTimeout: 10 * time.Second, Proxy: websocket.DefaultDialer.Proxy}
	}
	return o
}
