package engine

import (
	"context"
	"errors"
	"sync"
	"time"
)

// claim is an event that this replica owns, for as long as it is renewed. It is
// the context of the work on it: it ends when the claim is lost.
type claim struct {
	context.Context
	hold
	guard  *guard
	ttl    time.Duration
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when the keeper has stopped

	mu    sync.Mutex
	until time.Time // by this process's clock, which also runs while it is frozen
}

// pollEvery is how often a copy looks whether the owner has finished.
const pollEvery = 100 * time.Millisecond

// claim waits for its turn with t: until nobody else holds it, or its conversation.
func (e *Engine) claim(ctx context.Context, t *task) (*claim, error) {
	patience, cancel := context.WithTimeout(ctx, e.o.Patience)
	defer cancel()
	for {
		h, err := e.guard.claim(patience, t.event, t.talk)
		if err == nil {
			return newClaim(ctx, e.guard, h, e.o.Lease), nil
		}
		var held *HeldError
		if !errors.As(err, &held) {
			return nil, err
		}
		select {
		case <-time.After(min(held.For+time.Millisecond, pollEvery)):
		case <-patience.Done():
			return nil, err
		}
	}
}

func newClaim(parent context.Context, g *guard, h hold, ttl time.Duration) *claim {
	ctx, cancel := context.WithCancelCause(parent)
	c := &claim{Context: ctx, hold: h, guard: g, ttl: ttl, cancel: cancel, done: make(chan struct{}), until: h.asked.Add(ttl)}
	go c.keep()
	return c
}

// Err is why the work must stop, if it must. Unlike a timer it is never late: a
// process that was frozen knows from the clock that its claim ran out.
func (c *claim) Err() error {
	if err := c.Context.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.local && !time.Now().Before(c.until) {
		return ErrFenced
	}
	return nil
}

// keep renews the claim until end is called.
func (c *claim) keep() {
	defer close(c.done)
	tick := time.NewTicker(c.ttl / 3)
	defer tick.Stop()
	for {
		select {
		case <-c.Done():
			return
		case <-tick.C:
			if err := c.renew(); errors.Is(err, ErrFenced) {
				c.cancel(ErrFenced)
				return
			}
		}
	}
}

// renew extends the claim from now.
func (c *claim) renew() error {
	asked, err := c.guard.renew(c.Context, c.hold)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = asked.Add(c.ttl)
	return nil
}

// check makes sure, right before the reply is posted, that no one else has taken over. This
// process's clock alone is no proof: it may have stood still with the machine.
func (c *claim) check() error {
	if err := c.Context.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	fresh := time.Until(c.until) > c.ttl/2
	c.mu.Unlock()
	var err error
	if fresh {
		err = c.guard.holds(c.Context, c.hold)
	} else {
		err = c.renew()
	}
	if errors.Is(err, ErrFenced) {
		c.cancel(ErrFenced)
	}
	return err
}

// lost reports whether someone else has taken over, or could have.
func (c *claim) lost() bool {
	return errors.Is(context.Cause(c.Context), ErrFenced) || errors.Is(c.Err(), ErrFenced)
}

// finish marks the event done. The reply is posted by now: what cannot be written
// is written when the store is back. It reports whether it came too late, and someone
// else had taken over.
func (c *claim) finish(r Record) (late bool) {
	c.end()
	return errors.Is(c.guard.finish(c.hold, r), ErrFenced)
}

// release lets the next copy of the event try.
func (c *claim) release() {
	c.end()
	c.guard.release(c.hold)
}

// end stops renewing.
func (c *claim) end() {
	c.cancel(nil)
	<-c.done
}
