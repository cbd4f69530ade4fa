package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

func TestACopyIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := engine.NewMemory()
		here := engine.New(parrot{}, store, engine.Options{})
		there := engine.New(parrot{}, store, engine.Options{})
		var p platform
		for range 3 {
			submit(t, here, p.event("1", "c"))
			submit(t, there, p.event("1", "c"))
		}
		synctest.Wait()
		time.Sleep(time.Second)
		submit(t, here, p.event("1", "c"))
		drain(t, here)
		drain(t, there)
		if got := p.ids(); len(got) != 1 {
			t.Errorf("posted %v", got)
		}
		got := p.outcomes["1"]
		slices.Sort(got)
		want := slices.Concat([]engine.Outcome{engine.Answered}, slices.Repeat([]engine.Outcome{engine.Duplicate}, 6))
		if !slices.Equal(got, want) {
			t.Errorf("outcomes %v", got)
		}
	})
}

func TestCopiesOfAFailureAreNotAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		v := p.event("1", "c")
		v.Deliver = func(context.Context, bot.Reply) error { return errors.New("no such channel") }
		submit(t, e, v)
		submit(t, e, v)
		synctest.Wait()
		if got := p.outcomes["1"]; !slices.Equal(got, []engine.Outcome{engine.Failed, engine.Failed}) {
			t.Errorf("outcomes %v", got)
		}
		submit(t, e, p.event("1", "c")) // the platform tries again
		drain(t, e)
		if got := p.ids(); len(got) != 1 {
			t.Errorf("posted %v", got)
		}
	})
}

// frozen is a store whose answers do not come while it is frozen: what a process
// sees that was stopped in the middle of its work.
type frozen struct {
	engine.Store
	until chan struct{} // closed when it goes on
}

func (s frozen) Holds(ctx context.Context, t engine.Ticket) error {
	<-s.until
	return s.Store.Holds(context.WithoutCancel(ctx), t)
}

func (s frozen) Renew(ctx context.Context, t engine.Ticket, ttl time.Duration) error {
	<-s.until
	return s.Store.Renew(context.WithoutCancel(ctx), t, ttl)
}

func TestAFrozenOwnerIsReplacedAndPostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := engine.NewMemory()
		thaw := make(chan struct{})
		here := engine.New(parrot{}, frozen{store, thaw}, engine.Options{})
		there := engine.New(parrot{}, store, engine.Options{})
		var p, q platform
		submit(t, here, p.event("1", "c")) // claimed here, and stuck before it is posted
		synctest.Wait()
		begun := time.Now()
		var answered time.Duration
		v := q.event("1", "c")
		v.Settled = func(o engine.Outcome) { answered = time.Since(begun); q.settled("1", o) }
		submit(t, there, v)
		time.Sleep(10 * time.Second)
		if got := q.outcome(t, "1"); got != engine.Answered || answered > 5*time.Second {
			t.Errorf("%v after %v", got, answered)
		}
		close(thaw)
		drain(t, here)
		drain(t, there)
		if got := p.ids(); len(got) != 0 {
			t.Errorf("the owner woke up and posted %v", got)
		}
		if got := p.outcome(t, "1"); got != engine.Duplicate {
			t.Errorf("the owner woke up and settled as %v", got)
		}
	})
}

func TestATakeoverLooksForTheFirstPost(t *testing.T) {
	for name, posted := range map[string]bool{"posted": true, "not posted": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := engine.NewMemory()
				_, err := store.Claim(t.Context(), engine.KeyOf(nil, "event", "test", "1"), engine.KeyOf(nil, "elsewhere"), "dead", 3*time.Second)
				if err != nil {
					t.Fatal(err)
				}
				e := engine.New(parrot{}, store, engine.Options{})
				var p platform
				asked := 0
				v := p.event("1", "c")
				v.Delivered = func(context.Context) (bool, error) { asked++; return posted, nil }
				submit(t, e, v)
				drain(t, e)
				if got := p.outcome(t, "1"); got != engine.Answered || asked != 1 {
					t.Errorf("%v, asked %d times", got, asked)
				}
				if got := len(p.ids()); (got == 0) != posted {
					t.Errorf("posted %d times", got)
				}
				if n := countOf(t, store, bot.Answer); n != 1 {
					t.Errorf("counted %d times", n)
				}
			})
		})
	}
}

func TestAFirstOwnerDoesNotLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		v := p.event("1", "c")
		v.Delivered = func(context.Context) (bool, error) { t.Error("asked"); return false, nil }
		submit(t, e, v)
		drain(t, e)
	})
}

func TestALongDeliveryKeepsItsClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := engine.NewMemory()
		here := engine.New(parrot{}, store, engine.Options{})
		there := engine.New(parrot{}, store, engine.Options{})
		var p platform
		v := p.event("1", "c")
		v.Deliver = func(_ context.Context, r bot.Reply) error {
			time.Sleep(25 * time.Second) // a platform that says "try again after"
			p.post("1", r)
			return nil
		}
		submit(t, here, v)
		synctest.Wait()
		submit(t, there, v)
		drain(t, here)
		drain(t, there)
		if got := p.ids(); len(got) != 1 {
			t.Errorf("posted %v", got)
		}
	})
}

func TestADeliveryHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		submit(t, e, stuck(&p, "1", "c", nil))
		submit(t, e, p.event("2", "c"))
		drain(t, e)
		if a, b := p.outcome(t, "1"), p.outcome(t, "2"); a != engine.Failed || b != engine.Answered {
			t.Errorf("the stuck one %v, the one behind it %v", a, b)
		}
	})
}

func countOf(t testing.TB, s engine.Store, k bot.Kind) (n int64) {
	t.Helper()
	r, err := s.Report(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Counts {
		if c.Kind == k {
			n += c.N
		}
	}
	return n
}
