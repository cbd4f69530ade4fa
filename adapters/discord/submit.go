package discord

import (
	"context"
	"time"

	"kapbot/bot/engine"
)

// maxPending bounds the events that wait for another try.
const maxPending = 10000

// longestPause is the longest wait between two tries.
const longestPause = time.Minute

// submit hands an event to the engine. What fails is tried again after a
// pause, for as long as missed messages are read; done is called when it is over, whichever
// way. After a stop in between it is not called, and the next owner of the shard is sent
// the event again.
func (a *Adapter) submit(ctx context.Context, e engine.Event, done func()) error {
	return a.try(ctx, e, done, time.Now(), a.o.Again)
}

// try hands the event over once. First is when that was done first, pause the
// wait before the next time.
func (a *Adapter) try(ctx context.Context, e engine.Event, done func(), first time.Time, pause time.Duration) error {
	e.Settled = func(o engine.Outcome) {
		switch {
		case o != engine.Failed:
			done()
		case time.Since(first) > a.o.CatchUp || a.pending.Load() >= maxPending:
			a.o.Log.Error("event given up", "after", time.Since(first))
			done()
		default:
			a.later(pause, func() { a.tryAgain(e, done, first, min(2*pause, longestPause)) })
		}
	}
	return a.o.Engine.Submit(ctx, e)
}

// later calls f after a pause, and counts it as pending until then.
func (a *Adapter) later(pause time.Duration, f func()) {
	a.pending.Add(1)
	time.AfterFunc(pause, func() {
		a.pending.Add(-1)
		f()
	})
}

// tryAgain submits once more. A queue that is full just then is waited for.
func (a *Adapter) tryAgain(e engine.Event, done func(), first time.Time, pause time.Duration) {
	a.mu.Lock()
	closed := a.closed
	a.mu.Unlock()
	if closed {
		return
	}
	if err := a.try(context.Background(), e, done, first, pause); err != nil {
		a.later(pause, func() { a.tryAgain(e, done, first, pause) })
	}
}
