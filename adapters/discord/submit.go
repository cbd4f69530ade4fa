package discord

import (
	"context"
	"time"

	"kapbot/bot/engine"
)

// maxTries is how often an event is handed to the engine in all.
const maxTries = 4

// submit hands an event to the engine. What fails is tried again after a
// pause; done is called when it is over, whichever way. After a stop in between it is
// not called, and the next owner of the shard is sent the event again.
func (a *Adapter) submit(ctx context.Context, e engine.Event, done func()) error {
	return a.try(ctx, e, done, 1)
}

func (a *Adapter) try(ctx context.Context, e engine.Event, done func(), n int) error {
	e.Settled = func(o engine.Outcome) {
		if o != engine.Failed {
			done()
			return
		}
		if n == maxTries {
			a.o.Log.Error("event given up", "tries", n)
			done()
			return
		}
		time.AfterFunc(a.o.Again<<(n-1), func() { a.tryAgain(e, done, n+1) })
	}
	return a.o.Engine.Submit(ctx, e)
}

// tryAgain submits once more. A queue that is full just then is waited for.
func (a *Adapter) tryAgain(e engine.Event, done func(), n int) {
	a.mu.Lock()
	closed := a.closed
	a.mu.Unlock()
	if closed {
		return
	}
	if err := a.try(context.Background(), e, done, n); err != nil {
		time.AfterFunc(a.o.Again, func() { a.tryAgain(e, done, n) })
	}
}
