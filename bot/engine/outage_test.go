package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// flaky is a store that can be lost.
type flaky struct {
	*engine.Memory
	mu   sync.Mutex
	mode mode
}

type mode int

const (
	well mode = iota
	failing
	hanging
	losingReplies // does as told, and cannot say so
)

var errDisk = errors.New("disk full")

func (s *flaky) set(m mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
}

func (s *flaky) meet(ctx context.Context) (after func(error) error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := func(err error) error { return err }
	switch s.mode {
	case failing:
		return same, errDisk
	case hanging:
		s.mu.Unlock()
		<-ctx.Done()
		s.mu.Lock()
		return same, ctx.Err()
	case losingReplies:
		return func(error) error { return errDisk }, nil
	default:
		return same, nil
	}
}

func (s *flaky) Claim(ctx context.Context, event, talk engine.Key, owner string, ttl time.Duration) (engine.Ticket, error) {
	after, err := s.meet(ctx)
	if err != nil {
		return engine.Ticket{}, err
	}
	t, err := s.Memory.Claim(ctx, event, talk, owner, ttl)
	return t, after(err)
}

func (s *flaky) Holds(ctx context.Context, t engine.Ticket) error {
	after, err := s.meet(ctx)
	if err != nil {
		return err
	}
	return after(s.Memory.Holds(ctx, t))
}

func (s *flaky) Renew(ctx context.Context, t engine.Ticket, ttl time.Duration) error {
	after, err := s.meet(ctx)
	if err != nil {
		return err
	}
	return after(s.Memory.Renew(ctx, t, ttl))
}

func (s *flaky) Finish(ctx context.Context, t engine.Ticket, r engine.Record) error {
	after, err := s.meet(ctx)
	if err != nil {
		return err
	}
	return after(s.Memory.Finish(ctx, t, r))
}

func (s *flaky) CatchUp(ctx context.Context, all []engine.Finished) error {
	after, err := s.meet(ctx)
	if err != nil {
		return err
	}
	return after(s.Memory.CatchUp(ctx, all))
}

func (s *flaky) Ping(ctx context.Context) error {
	after, err := s.meet(ctx)
	return after(err)
}

// watcher counts what it is told.
type watcher struct {
	engine.Unobserved
	mu     sync.Mutex
	panics int
	up     []bool
}

func (w *watcher) Panicked(string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.panics++
}

func (w *watcher) StoreUp(up bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.up = append(w.up, up)
}

func TestTheBotGoesOnWithoutItsStore(t *testing.T) {
	for name, how := range map[string]mode{"disk full": failing, "database hangs": hanging} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &flaky{Memory: engine.NewMemory()}
				watch := &watcher{}
				e := engine.New(parrot{}, store, engine.Options{Observer: watch})
				var p platform
				submit(t, e, p.event("before", "c"))
				synctest.Wait()

				store.set(how)
				remembered := 0
				during := p.event("during", "c")
				during.Respond = func(ctx context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) {
					remembered = c.Turn
					return parrot{}.Reply(ctx, bot.Message{Text: question}, c)
				}
				submit(t, e, during)
				time.Sleep(10 * time.Second)
				if got := p.ids(); !slices.Equal(got, []string{"before", "during"}) {
					t.Errorf("posted %v", got)
				}
				if remembered != 1 {
					t.Error("the conversation was forgotten")
				}
				if e.Health() == nil {
					t.Error("health says that all is well")
				}
				submit(t, e, p.event("during", "c")) // tried again
				submit(t, e, p.event("before", "c"))
				synctest.Wait()

				store.set(well)
				time.Sleep(5 * time.Second)
				if err := e.Health(); err != nil {
					t.Errorf("the store is back, and health says %v", err)
				}
				submit(t, e, p.event("during", "c"))
				drain(t, e)
				if got := p.ids(); len(got) != 2 {
					t.Errorf("posted %v", got)
				}
				if n := countOf(t, store, bot.Answer); n != 2 {
					t.Errorf("counted %d answers", n)
				}
				if !slices.Equal(watch.up, []bool{false, true}) {
					t.Errorf("the observer saw up=%v", watch.up)
				}
			})
		})
	}
}

func TestAnUnsureWriteIsCountedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flaky{Memory: engine.NewMemory()}
		e := engine.New(parrot{}, store, engine.Options{})
		var p platform
		v := p.event("1", "c")
		v.Deliver = func(_ context.Context, r bot.Reply) error {
			p.post("1", r)
			store.set(losingReplies) // from now on
			return nil
		}
		submit(t, e, v)
		synctest.Wait()
		store.set(well)
		drain(t, e)
		if got := p.outcome(t, "1"); got != engine.Answered {
			t.Errorf("%v", got)
		}
		if n := countOf(t, store, bot.Answer); n != 1 {
			t.Errorf("counted %d times", n)
		}
	})
}

// unlucky is a store in which one event's claims take too long, as on a busy machine.
type unlucky struct {
	*engine.Memory
	event engine.Key
	mu    sync.Mutex
	left  int // how many more claims take too long
}

func (s *unlucky) Claim(ctx context.Context, event, talk engine.Key, owner string, ttl time.Duration) (engine.Ticket, error) {
	s.mu.Lock()
	late := event == s.event && s.left > 0
	if late {
		s.left--
	}
	s.mu.Unlock()
	if late {
		<-ctx.Done()
		return engine.Ticket{}, ctx.Err()
	}
	return s.Memory.Claim(ctx, event, talk, owner, ttl)
}

func TestASlowStoreIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &unlucky{Memory: engine.NewMemory(), event: engine.KeyOf(nil, "event", "test", "unlucky"), left: 4}
		watch := &watcher{}
		e := engine.New(parrot{}, store, engine.Options{Observer: watch})
		var p platform
		submit(t, e, p.event("unlucky", "c"))
		for i := range 20 {
			id := fmt.Sprint(i)
			submit(t, e, p.event(id, id))
			time.Sleep(500 * time.Millisecond) // the bubble's clock
		}
		drain(t, e)
		if got := p.outcome(t, "unlucky"); got != engine.Answered {
			t.Errorf("%v", got)
		}
		if len(watch.up) > 0 {
			t.Errorf("the store was taken for lost: up=%v", watch.up)
		}
	})
}
