package engine

import (
	"context"
	"errors"
	"time"
)

const (
	probeEvery = time.Second
	pruneEvery = time.Minute
)

// every calls f at an interval until the engine stops.
func (e *Engine) every(interval time.Duration, f func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
			f()
		}
	}
}

// flush tells the store all that it missed, if it is there.
func (e *Engine) flush(ctx context.Context) {
	if left := e.guard.flush(ctx); left > 0 {
		e.o.Log.Warn("the store is away: replies stay uncounted, and a copy of their events would be answered", "replies", left)
	}
}

// prune removes what has run out. One replica does it for all: pruning side by side, they
// would only be in each other's way. It may take its time, and the store is not lost when it
// takes too long.
func (e *Engine) prune() {
	if e.guard.health() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(e.ctx, pruneEvery/2)
	defer cancel()
	_, err := e.guard.store.Lease(ctx, "engine/prune", e.o.Owner, pruneEvery)
	if err == nil {
		err = e.guard.store.Prune(ctx)
	}
	if err != nil && !errors.Is(err, ErrHeld) && e.ctx.Err() == nil {
		e.o.Observer.StoreFailed("prune")
		e.o.Log.Warn("old events are not pruned", "err", err)
	}
}
