package enginetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kapbot/bot/engine"
)

func claimedOnce(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	ticket := claim(t, here, "e", "c", long)
	if ticket.Fence != 1 || ticket.State != nil || ticket.Event != key("e") || ticket.Conversation != key("c") {
		t.Errorf("first ticket: %+v", ticket)
	}
	_, err := there.Claim(t.Context(), key("e"), key("c"), "other", long)
	var held *engine.HeldError
	if !errors.As(err, &held) || held.For <= long-time.Minute || held.For > long {
		t.Errorf("second claim: %v (%+v)", err, held)
	}
	claim(t, there, "e2", "c2", long)
}

func takenOver(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	old := claim(t, here, "e", "c", 0)
	ok(t, here.Holds(t.Context(), old)) // nobody took it yet
	mine := claim(t, there, "e", "c", long)
	is(t, here.Holds(t.Context(), old), engine.ErrFenced)
	ok(t, there.Holds(t.Context(), mine))
	if mine.Fence <= old.Fence {
		t.Errorf("fence %d after %d", mine.Fence, old.Fence)
	}
	is(t, here.Renew(t.Context(), old, long), engine.ErrFenced)
	is(t, here.Finish(t.Context(), old, engine.Record{Tally: tally("t")}), engine.ErrFenced)
	ok(t, here.Release(t.Context(), old))
	ok(t, there.Renew(t.Context(), mine, long))
	cannotClaim(t, here, "e", "c", engine.ErrHeld)
	ok(t, there.Finish(t.Context(), mine, engine.Record{Tally: tally("t")}))
	is(t, here.Renew(t.Context(), old, long), engine.ErrFenced)
	is(t, here.Finish(t.Context(), old, engine.Record{Tally: tally("t")}), engine.ErrFenced)
	if n := counted(t, here, "t"); n != 1 {
		t.Errorf("counted %d times", n)
	}
}

func renewedLate(t *testing.T, open func() engine.Store) {
	s := open()
	ticket := claim(t, s, "e", "c", -time.Second)
	ok(t, s.Renew(t.Context(), ticket, long))
	cannotClaim(t, s, "e", "c", engine.ErrHeld)
	cannotClaim(t, s, "e2", "c", engine.ErrHeld)

	// Its conversation was taken meanwhile: too late.
	late := claim(t, s, "e3", "c3", -time.Second)
	claim(t, s, "e4", "c3", long)
	is(t, s.Holds(t.Context(), late), engine.ErrFenced)
	is(t, s.Renew(t.Context(), late, long), engine.ErrFenced)
}

func released(t *testing.T, open func() engine.Store) {
	s := open()
	ticket := claim(t, s, "e", "c", long)
	ok(t, s.Release(t.Context(), ticket))
	next := claim(t, s, "e", "c", long)
	if next.Fence != ticket.Fence+1 {
		t.Errorf("fence %d, want %d", next.Fence, ticket.Fence+1)
	}
	ok(t, s.Release(t.Context(), next))
	claim(t, s, "e2", "c", long)
}

func done(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	ticket := claim(t, here, "e", "c", long)
	ok(t, here.Finish(t.Context(), ticket, engine.Record{}))
	cannotClaim(t, there, "e", "c", engine.ErrDone)
	is(t, here.Holds(t.Context(), ticket), engine.ErrFenced)
	is(t, here.Renew(t.Context(), ticket, long), engine.ErrFenced)
	ok(t, here.Release(t.Context(), ticket))
	cannotClaim(t, there, "e", "c", engine.ErrDone)
	claim(t, there, "e2", "c", long)
}

func countedOnce(t *testing.T, open func() engine.Store) {
	s := open()
	ticket := claim(t, s, "e", "c", long)
	for range 3 {
		ok(t, s.Finish(t.Context(), ticket, engine.Record{Tally: tally("t")}))
	}
	if n := counted(t, s, "t"); n != 1 {
		t.Errorf("counted %d times", n)
	}
}

func oneAtATime(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	first := claim(t, here, "e1", "c", long)
	cannotClaim(t, there, "e2", "c", engine.ErrHeld)
	ok(t, here.Finish(t.Context(), first, engine.Record{}))
	second := claim(t, there, "e2", "c", 0) // runs out at once
	if second.Fence != 1 {
		t.Errorf("a claim that failed left a trace: fence %d", second.Fence)
	}
	claim(t, here, "e3", "c", long)
}

func conversationKept(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	finish := func(event, state string, keep time.Duration) {
		t.Helper()
		ticket := claim(t, here, event, "c", long)
		ok(t, here.Finish(t.Context(), ticket, engine.Record{State: []byte(state), Keep: keep}))
	}
	finds := func(event, want string) {
		t.Helper()
		ticket := claim(t, there, event, "c", long)
		if string(ticket.State) != want {
			t.Errorf("%s finds %q, want %q", event, ticket.State, want)
		}
		ok(t, there.Release(t.Context(), ticket))
	}
	finish("e1", "one\x00\xff", long)
	finds("e2", "one\x00\xff")
	finish("e3", "two", long)
	finds("e4", "two")
	finish("e5", "three", 0) // forgotten at once
	finds("e6", "")
}

func lateOwner(t *testing.T, open func() engine.Store) {
	s := open()
	late := claim(t, s, "e1", "c", -time.Second)
	next := claim(t, s, "e2", "c", long)
	ok(t, s.Finish(t.Context(), next, engine.Record{State: []byte("new"), Keep: long}))
	ok(t, s.Finish(t.Context(), late, engine.Record{State: []byte("old"), Keep: long, Tally: tally("t")}))
	if got := claim(t, s, "e3", "c", long).State; string(got) != "new" {
		t.Errorf("conversation is %q", got)
	}
	if counted(t, s, "t") != 1 {
		t.Error("the late owner's event is not counted")
	}
}

func ownersRace(t *testing.T, open func() engine.Store) {
	stores := []engine.Store{open(), open(), open()}
	results := race(30, func(i int) error {
		_, err := stores[i%len(stores)].Claim(t.Context(), key("e"), key("c"), "owner", long)
		return err
	})
	oneWon(t, results)
}

func conversationRace(t *testing.T, open func() engine.Store) {
	stores := []engine.Store{open(), open(), open()}
	results := race(30, func(i int) error {
		event := key("e" + string(rune('A'+i)))
		_, err := stores[i%len(stores)].Claim(t.Context(), event, key("c"), "owner", long)
		return err
	})
	oneWon(t, results)
}

func leaseRace(t *testing.T, open func() engine.Store) {
	stores := []engine.Store{open(), open(), open()}
	results := race(30, func(i int) error {
		_, err := stores[i%len(stores)].Lease(t.Context(), "n", string(rune('A'+i)), long)
		return err
	})
	oneWon(t, results)
}

// race calls f from n goroutines at once.
func race(n int, f func(i int) error) []error {
	errs := make(chan error)
	start := make(chan struct{})
	for i := range n {
		go func() { <-start; errs <- f(i) }()
	}
	close(start)
	var all []error
	for range n {
		all = append(all, <-errs)
	}
	return all
}

func oneWon(t *testing.T, results []error) {
	t.Helper()
	if n := len(slices.DeleteFunc(slices.Clone(results), func(err error) bool { return err != nil })); n != 1 {
		t.Errorf("%d won", n)
	}
	for _, err := range results {
		if err != nil && !errors.Is(err, engine.ErrHeld) {
			t.Errorf("a loser got %v", err)
		}
	}
}
