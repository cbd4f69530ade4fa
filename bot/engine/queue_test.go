package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

func TestAConversationKeepsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		var want []string
		for i := range 50 {
			id := fmt.Sprint(i)
			want = append(want, id)
			submit(t, e, p.event(id, "c"))
		}
		drain(t, e)
		if got := p.ids(); !slices.Equal(got, want) {
			t.Errorf("posted %v", got)
		}
	})
}

func TestASlowConversationDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		slow := p.event("slow", "c1")
		slow.Deliver = func(ctx context.Context, r bot.Reply) error {
			time.Sleep(20 * time.Second) // the bubble's clock
			p.post("slow", r)
			return nil
		}
		submit(t, e, slow)
		submit(t, e, p.event("behind", "c1"))
		submit(t, e, p.event("beside", "c2"))
		synctest.Wait()
		if got := p.ids(); !slices.Equal(got, []string{"beside"}) {
			t.Errorf("posted %v while the slow one was at it", got)
		}
		drain(t, e)
		if got := p.ids(); !slices.Equal(got, []string{"beside", "slow", "behind"}) {
			t.Errorf("posted %v", got)
		}
	})
}

// stuck is an event whose delivery waits until release is closed.
func stuck(p *platform, id, conversation string, release chan struct{}) engine.Event {
	v := p.event(id, conversation)
	v.Deliver = func(ctx context.Context, r bot.Reply) error {
		select {
		case <-release:
			p.post(id, r)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return v
}

func TestTheQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{Capacity: 10})
		var p platform
		release := make(chan struct{})
		for i := range 10 {
			submit(t, e, stuck(&p, fmt.Sprint(i), fmt.Sprint(i%3), release))
		}
		for _, id := range []string{"10", "0"} { // a new one, and a copy
			if err := e.Submit(t.Context(), p.event(id, "c")); !errors.Is(err, engine.ErrFull) {
				t.Errorf("event %s in a full queue: %v", id, err)
			}
		}
		elsewhere := p.event("other", "c")
		elsewhere.Adapter = "another adapter"
		submit(t, e, elsewhere)
		close(release)
		synctest.Wait()
		submit(t, e, p.event("10", "c"))
		drain(t, e)
		if got := p.ids(); len(got) != 12 {
			t.Errorf("posted %v", got)
		}
	})
}

func TestAWorkspaceFillsAtMostHalfTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{Capacity: 10})
		var p platform
		release := make(chan struct{})
		from := func(workspace, id string) engine.Event {
			v := stuck(&p, id, id, release)
			v.Workspace = workspace
			return v
		}
		for i := range 5 {
			submit(t, e, from("loud", fmt.Sprint(i)))
		}
		if err := e.Submit(t.Context(), from("loud", "5")); !errors.Is(err, engine.ErrFull) {
			t.Errorf("the loud workspace's sixth: %v", err)
		}
		submit(t, e, from("quiet", "6"))
		close(release)
		drain(t, e)
	})
}

func TestWhatIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		for name, spoil := range map[string]func(*engine.Event){
			"adapter":      func(v *engine.Event) { v.Adapter = "" },
			"id":           func(v *engine.Event) { v.ID = "" },
			"conversation": func(v *engine.Event) { v.Conversation = "" },
			"Deliver":      func(v *engine.Event) { v.Deliver = nil },
		} {
			v := p.event("1", "c")
			spoil(&v)
			if err := e.Submit(t.Context(), v); !errors.Is(err, engine.ErrInvalid) {
				t.Errorf("without %s: %v", name, err)
			}
		}
		drain(t, e)
		if err := e.Submit(t.Context(), p.event("1", "c")); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("after Drain: %v", err)
		}
		if len(p.outcomes) > 0 {
			t.Errorf("settled %v", p.outcomes)
		}
	})
}

func TestDrainFinishesWhatIsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		for i := range 500 {
			id := fmt.Sprint(i)
			v := p.event(id, fmt.Sprint(i%100))
			v.Deliver = func(_ context.Context, r bot.Reply) error {
				time.Sleep(time.Second) // the bubble's clock: five in a row for each conversation
				p.post(id, r)
				return nil
			}
			submit(t, e, v)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := e.Drain(ctx); err != nil {
			t.Error(err)
		}
		for i := range 500 {
			if o := p.outcome(t, fmt.Sprint(i)); o != engine.Answered {
				t.Fatalf("event %d: %v", i, o)
			}
		}
	})
}

func TestDrainGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		for i := range 3 {
			submit(t, e, stuck(&p, fmt.Sprint(i), "c", nil))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begun := time.Now()
		err := e.Drain(ctx)
		if err == nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drain: %v", err)
		}
		if took := time.Since(begun); took > 11*time.Second {
			t.Errorf("drain took %v", took)
		}
		for i := range 3 {
			if o := p.outcome(t, fmt.Sprint(i)); o.Acknowledge() {
				t.Errorf("event %d given up, and acknowledged: %v", i, o)
			}
		}
	})
}
