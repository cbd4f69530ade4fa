package gateway

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"kapbot/adapters/internal/pause"
	"kapbot/bot/engine"
)

// Client keeps the shards' connections.
type Client struct {
	o      Options
	info   Info
	fresh  chan struct{} // one token for each new session that may begin at once
	tries  atomic.Int64
	ended  atomic.Int64
	mu     sync.Mutex
	status map[int]Status
}

// Status is how a shard stands.
type Status struct {
	Shard int
	Owned bool      // by this replica
	Up    bool      // READY or RESUMED has come and the connection lives
	Since time.Time // of the last change
	Err   string    // why the last connection ended, or ""
}

// New returns a client; [Client.Run] connects it.
func New(o Options) *Client {
	return &Client{o: o.withDefaults(), status: map[int]Status{}}
}

// Run connects and stays connected until ctx ends or Discord refuses for good,
// which is an [*Error]. When ctx ends it returns within a second of the handler's
// return, and the sessions stay resumable.
func (c *Client) Run(ctx context.Context) error {
	info, err := c.ask(ctx)
	if err != nil {
		return err
	}
	if c.o.Shards > 0 {
		info.Shards = c.o.Shards
	}
	c.info = info
	c.fresh = make(chan struct{}, max(1, info.MaxConcurrency))
	g, ctx := errgroup.WithContext(ctx)
	for shard := range info.Shards {
		c.set(shard, false, false, nil)
		g.Go(func() error { return c.runShard(ctx, shard) })
	}
	return g.Wait()
}

// ask asks for the gateway until it is told, or refused for good.
func (c *Client) ask(ctx context.Context) (Info, error) {
	b := c.backoff()
	for {
		info, err := c.o.Info(ctx)
		switch {
		case err == nil && info.Shards < 1:
			err = errors.New("discord recommends no shards")
		case err == nil:
			return info, nil
		}
		if refused(err) {
			return Info{}, fmt.Errorf("ask for gateway: %w", err)
		}
		c.o.Log.Warn("gateway address not known, asking again", "error", err)
		if pause.For(ctx, b.next()) != nil {
			return Info{}, ctx.Err()
		}
	}
}

// refused says whether it makes no sense to try again: a fatal close code, or
// an error of Info that says so of itself.
func refused(err error) bool {
	var r interface{ Refused() bool }
	return errors.As(err, &r) && r.Refused()
}

// Status lists the shards.
func (c *Client) Status() []Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Status
	for shard := range len(c.status) {
		all = append(all, c.status[shard])
	}
	return all
}

// Ended counts the connections that have ended, for a metric.
func (c *Client) Ended() int64 { return c.ended.Load() }

func (c *Client) set(shard int, owned, up bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Status{Shard: shard, Owned: owned, Up: up, Since: time.Now()}
	if err != nil {
		s.Err = err.Error()
		if !up {
			c.ended.Add(1)
		}
	}
	c.status[shard] = s
}

const sessionScope = "discord/session"

func leaseName(shard, shards int) string { return fmt.Sprintf("discord/shard/%d/%d", shard, shards) }

// runShard waits for the shard's lease and connects for as long as it holds.
func (c *Client) runShard(ctx context.Context, shard int) error {
	for {
		s := newSession()
		lease, release, err := c.acquire(ctx, shard, s)
		if err != nil {
			return nil // ctx ended
		}
		err = c.hold(ctx, shard, s, lease, release)
		c.set(shard, false, false, err)
		switch {
		case refused(err):
			return err
		case ctx.Err() != nil:
			return nil
		}
		c.o.Log.Warn("shard given up", "shard", shard, "error", err)
	}
}

// acquire waits until the lease is ours and reads the session that the last
// owner kept. Shards without one are begun a few at a time, so that replicas
// that start together share them; release lets the next one begin.
func (c *Client) acquire(ctx context.Context, shard int, s *session) (engine.Lease, func(), error) {
	for {
		s.restore(c.load(ctx, shard), c.info.Shards)
		release := func() {}
		if s.resume().ID == "" {
			select {
			case c.fresh <- struct{}{}:
				release = sync.OnceFunc(func() { <-c.fresh })
			case <-ctx.Done():
				return engine.Lease{}, nil, ctx.Err()
			}
		}
		lease, err := c.lease(ctx, leaseName(shard, c.info.Shards), c.o.Owner, c.o.Lease)
		if !errors.Is(err, engine.ErrHeld) {
			if s.resume().ID == "" { // the owner before us may have kept one since we looked
				s.restore(c.load(ctx, shard), c.info.Shards)
			}
			return lease, release, ctx.Err()
		}
		release()
		if err := pause.For(ctx, c.o.Lease/3); err != nil {
			return engine.Lease{}, nil, err
		}
	}
}

// lease takes or renews a lease. Only ErrHeld means no: a store that is away
// must not silence the bot, and a nonce on each post keeps two owners from
// answering twice.
func (c *Client) lease(ctx context.Context, name, owner string, ttl time.Duration) (engine.Lease, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Lease)
	defer cancel()
	return c.o.Store.Lease(ctx, name, owner, ttl)
}

func (c *Client) load(ctx context.Context, shard int) []byte {
	ctx, cancel := context.WithTimeout(ctx, c.o.Lease)
	defer cancel()
	raw, err := c.o.Store.Setting(ctx, sessionScope, strconv.Itoa(shard))
	if err != nil {
		return nil
	}
	return raw
}

// save keeps the session, if it has changed.
func (c *Client) save(ctx context.Context, shard int, s *session) {
	raw, changed := s.save()
	if !changed {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Lease)
	defer cancel()
	if err := c.o.Store.SetSetting(ctx, sessionScope, strconv.Itoa(shard), raw); err != nil {
		s.unsaved()
	}
}

var errLeaseLost = errors.New("another replica has taken the shard")

// hold keeps the shard connected until ctx ends, Discord refuses, or another
// replica has taken the lease. It renews and saves three times in a lease's life.
func (c *Client) hold(ctx context.Context, shard int, s *session, lease engine.Lease, release func()) error {
	defer release()
	holding, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-time.After(c.o.Lease / 3):
			case <-s.begun:
				c.save(holding, shard, s)
				continue
			case <-holding.Done():
				return
			}
			if _, err := c.lease(holding, leaseName(shard, c.info.Shards), c.o.Owner, c.o.Lease); errors.Is(err, engine.ErrHeld) {
				lost(errLeaseLost)
				return
			}
			c.save(holding, shard, s)
		}
	}()
	err := c.stayConnected(holding, shard, s, release)
	if cause := context.Cause(holding); cause != nil {
		err = cause
	}
	lost(nil)
	<-done
	if !errors.Is(err, errLeaseLost) {
		parting := context.WithoutCancel(ctx)
		c.save(parting, shard, s)
		if lease.Name != "" {
			unleasing, cancel := context.WithTimeout(parting, c.o.Lease)
			defer cancel()
			_ = c.o.Store.Unlease(unleasing, lease) // else it runs out by itself
		}
	}
	return err
}
