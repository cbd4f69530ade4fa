package enginetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// Mute is an Answerer for tests that are not about what is said: each of its replies is the
// zero Reply.
type Mute struct{}

// Reply counts the turn, so that one can see whether a conversation was kept.
func (Mute) Reply(_ context.Context, _ bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	c.Turn++
	return bot.Reply{}, c
}

// SlowDown returns the zero Reply.
func (Mute) SlowDown() bot.Reply { return bot.Reply{} }

// Failure returns the zero Reply.
func (Mute) Failure() bot.Reply { return bot.Reply{} }

// TestOutage runs an engine on s, which lose makes unusable and restore usable again: people
// are answered all the time, once each, health tells the truth, and all is counted
// in the end.
func TestOutage(t *testing.T, s engine.Store, lose, restore func()) {
	ok(t, s.Ping(t.Context()))
	e := engine.New(Mute{}, s, engine.Options{StoreTimeout: 100 * time.Millisecond})
	settled := make(chan engine.Outcome, 1)
	posts := 0
	send := func(id string, want engine.Outcome) {
		t.Helper()
		err := e.Submit(t.Context(), engine.Event{
			Adapter: "test", ID: id, Conversation: "c",
			Deliver: func(context.Context, bot.Reply) error { posts++; return nil },
			Settled: func(o engine.Outcome) { settled <- o },
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-settled; got != want {
			t.Errorf("event %s: %v, want %v", id, got, want)
		}
	}
	const n = 5
	for i := range n {
		send(fmt.Sprint("before ", i), engine.Answered)
	}
	lose()
	for i := range n {
		send(fmt.Sprint("during ", i), engine.Answered)
		send(fmt.Sprint("during ", i), engine.Duplicate)
		send(fmt.Sprint("before ", i), engine.Duplicate)
	}
	if err := e.Health(); err == nil {
		t.Error("the store is lost, and health says that all is well")
	} else {
		t.Logf("health says: %v", err)
	}
	restore()
	recovered(t, e)
	for i := range n {
		send(fmt.Sprint("after ", i), engine.Answered)
		send(fmt.Sprint("during ", i), engine.Duplicate)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := e.Drain(ctx); err != nil {
		t.Error(err)
	}
	r, err := s.Report(t.Context(), time.Now().Add(-2*time.Hour), time.Now().Add(2*time.Hour))
	ok(t, err)
	var counted int64
	for _, c := range r.Counts {
		counted += c.N
	}
	if posts != 3*n || counted != 3*n {
		t.Errorf("posted %d and counted %d, want %d", posts, counted, 3*n)
	}
}

// recovered waits until e uses its store again.
func recovered(t *testing.T, e *engine.Engine) {
	t.Helper()
	patience := time.After(time.Minute)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for e.Health() != nil {
		select {
		case <-tick.C:
		case <-patience:
			t.Fatalf("the store is back, and health says: %v", e.Health())
		}
	}
}
