package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// guard stands between the engine and its store. When a step fails because the store is
// away, the engine does without: the queue keeps this replica from handling an event
// twice at a time, and recent from handling it again. From then on nobody waits for the store,
// until a probe succeeds.
type guard struct {
	store  Store
	recent *recent
	door   chan struct{} // full while claiming many claim
	o      Options

	flushing sync.Mutex   // held by the one that flushes
	through  atomic.Int64 // when a step last succeeded, in Unix nanoseconds

	mu      sync.Mutex
	down    error // why the store cannot be used, or nil
	since   time.Time
	pending []Finished // what the store has yet to be told
	lost    int        // what did not fit into pending
}

// hold is an event that this replica has.
type hold struct {
	Ticket
	local bool      // taken without the store
	asked time.Time // when it was claimed or renewed, or a little earlier
}

// claiming is how many claims are asked of the store at a time. The others wait outside,
// where no timeout runs and they are in nobody's way: what has been claimed is finished first.
const claiming = 8

func newGuard(s Store, o Options) *guard {
	return &guard{store: s, recent: newRecent(), door: make(chan struct{}, claiming), o: o}
}

// ours reports whether err is an answer of the store, and not a failure of it.
func ours(err error) bool {
	return err == nil || errors.Is(err, ErrDone) || errors.Is(err, ErrHeld) || errors.Is(err, ErrFenced)
}

// A step is tried twice before the store counts as lost. It is tried more often while others
// of this replica get through, because then the store is only slow; and a try that ended
// later than its timeout does not count, because then it was this process that stood still.
const (
	attempts     = 2
	attemptsSlow = 10
)

// try does one step in the store, unless it is known to be away. All steps may be repeated:
// Store says so of each.
func (g *guard) try(ctx context.Context, step string, f func(context.Context) error) (err error) {
	if err := g.health(); err != nil {
		return err
	}
	for n := 1; ; n++ {
		begun := time.Now()
		err = g.once(ctx, f)
		if ours(err) {
			if step != holding { // which only reads: a locked file can be read
				g.through.Store(time.Now().UnixNano())
			}
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		slow := g.gotThrough() || time.Since(begun) > g.o.StoreTimeout*9/8
		if n >= attempts && !(slow && n < attemptsSlow && errors.Is(err, context.DeadlineExceeded)) {
			g.failed(step, err)
			return err
		}
	}
}

// gotThrough reports whether a step has succeeded while another one ran into its timeout.
func (g *guard) gotThrough() bool {
	return time.Since(time.Unix(0, g.through.Load())) < g.o.StoreTimeout
}

func (g *guard) once(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, g.o.StoreTimeout)
	defer cancel()
	return f(ctx)
}

func (g *guard) failed(step string, err error) {
	g.o.Observer.StoreFailed(step)
	g.mu.Lock()
	first := g.down == nil
	if first {
		g.since = time.Now()
	}
	g.down = fmt.Errorf("store: %w", err)
	g.mu.Unlock()
	if first {
		g.o.Log.Error("store lost, going on in memory", "step", step, "err", err)
		g.o.Observer.StoreUp(false)
	}
}

// health says why the store cannot be used, or nil.
func (g *guard) health() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.down
}

// claim claims in the store, or does without while the store is away.
func (g *guard) claim(ctx context.Context, event, talk Key) (h hold, err error) {
	if g.recent.handled(event) {
		return hold{}, ErrDone
	}
	select {
	case g.door <- struct{}{}:
		defer func() { <-g.door }()
	case <-ctx.Done():
		return hold{}, ctx.Err()
	}
	err = g.try(ctx, "claim", func(ctx context.Context) (err error) {
		h.asked = time.Now()
		h.Ticket, err = g.store.Claim(ctx, event, talk, g.o.Owner, g.o.Lease)
		return err
	})
	if ours(err) || ctx.Err() != nil {
		return h, err
	}
	alone := Ticket{Event: event, Conversation: talk, Fence: 1, State: g.recent.state(talk)}
	return hold{Ticket: alone, local: true}, nil
}

// holding is the step of holds.
const holding = "holds"

// holds asks the store whether h still is ours. If the store is away, the event is answered
// rather than dropped.
func (g *guard) holds(ctx context.Context, h hold) error {
	if h.local {
		return nil
	}
	err := g.try(ctx, holding, func(ctx context.Context) error { return g.store.Holds(ctx, h.Ticket) })
	if ours(err) || ctx.Err() != nil {
		return err
	}
	return nil
}

// renew extends h in the store, and returns when it asked for that. If the store is away
// nobody else can take the event over there, and the work goes on.
func (g *guard) renew(ctx context.Context, h hold) (asked time.Time, err error) {
	asked = time.Now()
	if h.local {
		return asked, nil
	}
	err = g.try(ctx, "renew", func(ctx context.Context) error {
		asked = time.Now()
		return g.store.Renew(ctx, h.Ticket, g.o.Lease)
	})
	if ours(err) || ctx.Err() != nil {
		return asked, err
	}
	return asked, nil
}

// finish finishes in the store, or remembers to. It returns ErrFenced if someone else has
// taken over.
func (g *guard) finish(h hold, r Record) error {
	g.recent.add(h.Ticket, r)
	if !h.local {
		err := g.try(context.Background(), "finish", func(ctx context.Context) error { return g.store.Finish(ctx, h.Ticket, r) })
		if ours(err) {
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.pending) < maxPending {
		g.pending = append(g.pending, Finished{Event: h.Event, Conversation: h.Conversation, Record: r})
		return nil
	}
	if g.lost++; g.lost == 1 {
		g.o.Log.Error("the store is away for too long: replies are no longer counted")
	}
	return nil
}

// release gives a claim up. If that fails it runs out by itself.
func (g *guard) release(h hold) {
	if !h.local {
		_ = g.try(context.Background(), "release", func(ctx context.Context) error { return g.store.Release(ctx, h.Ticket) })
	}
}
