package engine

import (
	"context"
	"time"
)

const (
	probeEvery = time.Second
	pruneEvery = time.Minute
)

// upkeep prunes, and looks after a store that is away, until the engine stops.
func (e *Engine) upkeep() {
	probe, prune := time.NewTicker(probeEvery), time.NewTicker(pruneEvery)
	defer probe.Stop()
	defer prune.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-probe.C:
			e.guard.probe(e.ctx)
		case <-prune.C:
			e.prune()
		}
	}
}

// flush tells the store all that it missed, as far as that goes before ctx ends.
func (e *Engine) flush(ctx context.Context) {
	retry := time.NewTicker(pollEvery)
	defer retry.Stop()
	for {
		left := e.guard.flush(ctx)
		if left == 0 {
			return
		}
		if e.guard.health() == nil {
			select {
			case <-retry.C:
				continue
			case <-ctx.Done():
			}
		}
		e.o.Log.Warn("the store is away: replies stay uncounted, and a copy of their events would be answered", "replies", left)
		return
	}
}

// prune removes what has run out. One replica does it for all: pruning side by side, they
// would only be in each other's way.
func (e *Engine) prune() {
	_ = e.guard.try(e.ctx, "prune", func(ctx context.Context) error {
		if _, err := e.guard.store.Lease(ctx, "engine/prune", e.o.Owner, pruneEvery); err != nil {
			return err
		}
		return e.guard.store.Prune(ctx)
	})
}
