// Package slack makes the bot a citizen of Slack workspaces.
//
//	a, err := slack.New(slack.Options{Bot: b, Engine: e, BotToken: …, AppToken: …})
//	err = a.Run(ctx)
//
// # The way of an event
//
// A socket (socket.go) or the HTTP listener (http.go) turns what Slack delivers
// into an envelope with a ticket (envelope.go): the receipt that Slack waits for.
// Adapter.accept reads it (decode.go), drops what is not for the bot, and puts
// the rest into the lane of its conversation (lanes.go). There the workspace is
// found (workspace.go), and the question is submitted to the engine (ask.go). The
// engine claims it, asks the bot, and calls back to deliver the reply; when it
// has settled, the ticket is given. If that takes too long the ticket is given
// before Slack's patience ends, and the work goes on.
//
// # What leaves
//
// Only bot.Reply, drawn as Block Kit by render.go, with the disclaimer as the
// last block and in the fallback text. post.go sends it, and sends it again when
// Slack was busy, after looking whether the first try arrived.
//
// # Guard
//
// socket.go, link.go and pace.go are the guard around slack-go's socketmode; the
// faults that they guard against are shown by the tests of the same names.
package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"kapbot/bot"
)

// Name is the adapter's name, in the engine and in metrics.
const Name = "slack"

// Adapter connects a bot with Slack. Make one with New.
type Adapter struct {
	o          Options
	workspaces *workspaces
	lanes      *lanes
	threads    *threads
	previews   *previews
	counts     counters
	live       atomic.Int32
	up         lastUp
	jobs       sync.WaitGroup
}

// counters count what the guard met.
type counters struct {
	badMessages, badFrames, ignored, refused, acksLost, reconnects, retries, replayed atomic.Int64
}

// Counts is a copy of what the adapter has counted since it was made.
type Counts struct {
	BadMessages int64 // envelopes that slack-go or this package could not read
	BadFrames   int64 // frames that were not JSON
	Ignored     int64 // envelopes that were not for the bot
	Refused     int64 // envelopes left to Slack to send again
	AcksLost    int64 // acknowledgements that could not be sent
	Reconnects  int64 // sockets that ended
	Retries     int64 // Web API calls that were tried again
	Replayed    int64 // HTTP requests whose signature was wrong or old
}

// New checks the options and returns an adapter.
func New(o Options) (*Adapter, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	return &Adapter{
		o: o, workspaces: newWorkspaces(o), lanes: newLanes(lanesPerWorkspace),
		threads: newThreads(), previews: newPreviews(),
	}, nil
}

// lanesPerWorkspace bounds the envelopes of a workspace that wait to be looked at.
const lanesPerWorkspace = 512

// Run serves Slack until ctx ends. It returns an error if the tokens are refused
// or the listener cannot be opened, and nil when ctx ended.
func (a *Adapter) Run(ctx context.Context) error {
	defer func() { a.lanes.work.Wait(); a.jobs.Wait() }()
	if err := a.workspaces.open(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	if a.o.Mode == HTTP {
		g.Go(func() error { return a.listen(ctx) })
		return g.Wait()
	}
	for range a.o.Connections {
		s := &socket{options: a.o, counts: &a.counts, live: &a.live, accept: func(e envelope) { a.accept(ctx, e) }}
		g.Go(func() error { return s.run(ctx) })
	}
	if a.o.Install != nil && a.o.Listen != "" {
		g.Go(func() error { return a.listen(ctx) })
	}
	return g.Wait()
}

// Healthy returns nil while Slack can reach the adapter, or has been able to
// within the last minute.
func (a *Adapter) Healthy() error {
	if !a.workspaces.ready() {
		return errNotReady
	}
	if a.o.Mode == HTTP || a.up.since(a.live.Load() > 0) < time.Minute {
		return nil
	}
	return errors.New("slack: no socket has been open for a minute")
}

// lastUp remembers when a condition last held.
type lastUp struct {
	mu sync.Mutex
	at time.Time
}

func (l *lastUp) since(up bool) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if up || l.at.IsZero() {
		l.at = time.Now()
	}
	return time.Since(l.at)
}

// Connected is the number of sockets on which Slack has said hello.
func (a *Adapter) Connected() int { return int(a.live.Load()) }

// Counts returns what was counted so far.
func (a *Adapter) Counts() Counts {
	c := &a.counts
	return Counts{
		BadMessages: c.badMessages.Load(), BadFrames: c.badFrames.Load(), Ignored: c.ignored.Load(), Refused: c.refused.Load(),
		AcksLost: c.acksLost.Load(), Reconnects: c.reconnects.Load(), Retries: c.retries.Load(), Replayed: c.replayed.Load(),
	}
}

// words are the labels of the bot's language.
func (a *Adapter) words() *bot.Words { return a.o.Bot.Words() }

// job runs f beside the engine, for what a workspace asks that is not a question.
// It gives the ticket when f is done.
func (a *Adapter) job(ctx context.Context, w *workspace, t *ticket, f func(ctx context.Context) error) {
	select {
	case w.slots <- struct{}{}:
	default:
		t.refuse()
		return
	}
	a.jobs.Go(func() {
		defer func() { <-w.slots }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := f(ctx); err != nil {
			a.o.Log.Warn("slack job failed", "cause", cause(err))
			if !permanent(err) {
				t.refuse()
				return
			}
		}
		t.ack()
	})
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("slack: %s: %w", what, err)
}
