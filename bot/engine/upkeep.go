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
			e.store.probe(e.ctx)
		case <-prune.C:
			_ = e.store.memory.Prune(e.ctx)
			_ = e.store.try(e.ctx, "prune", func(ctx context.Context) error { return e.store.Prune(ctx) })
		}
	}
}
