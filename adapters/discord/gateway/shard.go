package gateway

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"kapbot/adapters/internal/pause"
	"kapbot/bot/engine"
)

// stayConnected connects again and again until ctx ends or Discord refuses.
func (c *Client) stayConnected(ctx context.Context, shard int, s *session, release func()) error {
	b := c.backoff()
	failed, vain := 0, 0 // connections since the last one that came up; those of them that asked to resume
	for {
		fresh := s.resume().ID == ""
		address, err := c.prepare(ctx, shard, s, failed)
		if err != nil {
			return err
		}
		var upAt time.Time
		k := &conn{o: c.o, shard: [2]int{shard, c.info.Shards}, session: s, up: func() {
			upAt, failed, vain = time.Now(), 0, 0
			c.set(shard, true, true, nil)
			c.o.Log.Info("gateway up", "shard", shard, "resumed", !fresh)
			release()
		}}
		err = k.connect(ctx, address)
		release() // a shard that does not come up must not keep the others waiting
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.set(shard, true, false, err)
		if refused(err) {
			return fmt.Errorf("shard %d: %w", shard, err)
		}
		if upAt.IsZero() {
			failed++
			if k.greeted {
				vain++
			}
		} else if time.Since(upAt) > c.o.Steady {
			b.reset()
		}
		wait := c.after(err, s, b, vain)
		c.o.Log.Warn("gateway lost, connecting again", "shard", shard, "error", err, "wait", wait)
		if err := pause.For(ctx, wait); err != nil {
			return err
		}
	}
}

// A session that may itself be what is broken is given up, since another only
// costs a look at what was missed: after resumes in a row that met silence, or ended in any way.
const (
	maxSilent  = 2
	maxResumes = 10
)

// after decides how long to wait and whether the session lives on.
func (c *Client) after(err error, s *session, b *backoff, vain int) time.Duration {
	switch {
	case errors.Is(err, errGone):
		s.forget()
		return c.o.Pause + time.Duration(rand.Int64N(int64(4*c.o.Pause)))
	case vain >= maxResumes, vain >= maxSilent && errors.Is(err, errNoReady):
		s.forget()
	case errors.Is(err, errAgain):
		return max(c.o.Pause, b.next())
	}
	return b.next()
}

// prepare chooses the address. A new session also needs room in the day's
// budget and a turn in its bucket. A resume address that has failed twice in
// a row gives way to the main one.
func (c *Client) prepare(ctx context.Context, shard int, s *session, failed int) (string, error) {
	at := s.resume()
	if at.ID != "" && at.URL != "" && failed%4 < 2 {
		return at.URL, nil
	}
	if at.ID != "" {
		return c.info.URL, nil
	}
	info, err := c.ask(ctx)
	for err == nil && info.Remaining < 1 {
		wait := max(info.ResetAfter, c.o.BackoffMin)
		c.o.Log.Error("no sessions left today, waiting", "shard", shard, "wait", wait)
		if err := pause.For(ctx, min(wait, 10*time.Minute)); err != nil {
			return "", err
		}
		info, err = c.ask(ctx)
	}
	if err != nil {
		return "", err
	}
	return info.URL, c.turn(ctx, shard)
}

// turn waits until this shard may identify: one of a bucket (shard modulo
// max_concurrency) each five seconds, among all replicas. The turn is a lease that is left to run out.
func (c *Client) turn(ctx context.Context, shard int) error {
	name := fmt.Sprintf("discord/identify/%d", shard%max(1, c.info.MaxConcurrency))
	owner := fmt.Sprintf("%s/%d", c.o.Owner, c.tries.Add(1))
	for {
		_, err := c.lease(ctx, name, owner, c.o.IdentifyEvery)
		if !errors.Is(err, engine.ErrHeld) {
			return ctx.Err()
		}
		if err := pause.For(ctx, c.o.IdentifyEvery/10+time.Duration(rand.Int64N(int64(c.o.IdentifyEvery/10)+1))); err != nil {
			return err
		}
	}
}

// backoff doubles from BackoffMin to BackoffMax, with a random part so that
// replicas do not come back together. The first wait of all is none.
type backoff struct {
	mu       sync.Mutex
	min, max time.Duration
	last     time.Duration
	started  bool
}

func (c *Client) backoff() *backoff { return &backoff{min: c.o.BackoffMin, max: c.o.BackoffMax} }

func (b *backoff) next() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.started {
		b.started = true
		return 0
	}
	b.last = min(max(2*b.last, b.min), b.max)
	return b.last/2 + time.Duration(rand.Int64N(int64(b.last/2)+1))
}

func (b *backoff) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last, b.started = 0, false
}
