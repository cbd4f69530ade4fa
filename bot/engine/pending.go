package engine

import (
	"context"
	"errors"
	"time"
)

// finished is an event that was handled, and that the store does not know of.
type finished struct {
	hold
	record Record
}

// maxPending bounds what is remembered for a store that is away: 20,000 replies, at
// about 300 bytes each.
const maxPending = 20_000

// probe looks whether a store that was away is back, and tells it what it missed.
func (g *guard) probe(ctx context.Context) {
	if g.health() == nil {
		g.flush(ctx)
		return
	}
	bounded, cancel := context.WithTimeout(ctx, g.o.StoreTimeout)
	defer cancel()
	if err := g.store.Ping(bounded); err != nil {
		g.o.Observer.StoreFailed("ping")
		return
	}
	g.mu.Lock()
	g.down = nil
	away := time.Since(g.since)
	g.mu.Unlock()
	g.o.Log.Info("store is back", "away", away)
	g.o.Observer.StoreUp(true)
	g.flush(ctx)
}

// flush writes what is pending, and says how much is left: what the store could not take,
// because it failed again or because someone else still holds the conversation.
func (g *guard) flush(ctx context.Context) (left int) {
	g.flushing.Lock()
	defer g.flushing.Unlock()
	g.mu.Lock()
	todo := g.pending
	g.pending = nil
	g.mu.Unlock()

	var later []finished
	for i, f := range todo {
		err := g.try(ctx, "flush", func(ctx context.Context) error { return g.write(ctx, f) })
		if !ours(err) {
			later = append(later, todo[i:]...)
			break
		}
		if errors.Is(err, ErrHeld) {
			later = append(later, f)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pending = append(later, g.pending...)
	return len(g.pending)
}

// write finishes f in the store, claiming it first if it was taken without.
func (g *guard) write(ctx context.Context, f finished) error {
	t := f.Ticket
	if f.local {
		var err error
		if t, err = g.store.Claim(ctx, t.Event, t.Conversation, g.o.Owner, g.o.Lease); err != nil {
			return err
		}
	}
	return g.store.Finish(ctx, t, f.record)
}
