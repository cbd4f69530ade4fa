package engine

import (
	"context"
	"slices"
	"time"
)

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

// flushed is how many events the store is told of at a time.
const flushed = 100

// flush tells the store what is pending, oldest first, and says how much is left because the
// store failed again.
func (g *guard) flush(ctx context.Context) (left int) {
	g.flushing.Lock()
	defer g.flushing.Unlock()
	for {
		g.mu.Lock()
		batch := g.pending[:min(flushed, len(g.pending))]
		g.mu.Unlock()
		if len(batch) == 0 {
			return 0
		}
		err := g.try(ctx, "catch up", func(ctx context.Context) error { return g.store.CatchUp(ctx, batch) })
		g.mu.Lock()
		if err != nil {
			left = len(g.pending)
			g.mu.Unlock()
			return left
		}
		g.pending = slices.Clone(g.pending[len(batch):])
		g.mu.Unlock()
	}
}
