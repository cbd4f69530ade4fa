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

func caughtUp(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	missed := func(event, conversation, state string) engine.Finished {
		return engine.Finished{
			Event: key(event), Conversation: key(conversation),
			Record: engine.Record{State: []byte(state), Keep: long, Tally: tally("t")},
		}
	}
	finished := claim(t, here, "finished", "c1", long)
	ok(t, here.Finish(t.Context(), finished, engine.Record{State: []byte("kept"), Keep: long, Tally: tally("t")}))
	lost := claim(t, here, "lost", "c2", long) // claimed, and then the store was away
	taken := claim(t, here, "taken", "c3", -1) // and someone else took over
	other := claim(t, there, "taken", "c3", long)
	busy := claim(t, there, "busy", "c4", long) // another event of the conversation goes on

	all := []engine.Finished{
		missed("new", "c5", "new"), missed("new 2", "c5", "newer"),
		missed("finished", "c1", "again"), missed("lost", "c2", "found"), missed("taken", "c3", "given"), missed("before busy", "c4", "old"),
	}
	for range 2 {
		ok(t, there.CatchUp(t.Context(), all))
	}
	if n := counted(t, here, "t"); n != 6 {
		t.Errorf("counted %d events of 6", n)
	}
	for _, f := range []struct{ event, conversation string }{{"new", "c5"}, {"finished", "c1"}, {"lost", "c2"}, {"taken", "c3"}} {
		cannotClaim(t, here, f.event, f.conversation, engine.ErrDone)
	}
	is(t, here.Finish(t.Context(), taken, engine.Record{}), engine.ErrFenced)
	is(t, there.Finish(t.Context(), other, engine.Record{}), engine.ErrFenced)
	is(t, there.Renew(t.Context(), lost, long), engine.ErrFenced)
	ok(t, there.Holds(t.Context(), busy))
	ok(t, there.Finish(t.Context(), busy, engine.Record{State: []byte("busy"), Keep: long}))
	for conversation, want := range map[string]string{"c1": "kept", "c2": "found", "c3": "given", "c4": "busy", "c5": "newer"} {
		if got := claim(t, here, "next in "+conversation, conversation, long).State; string(got) != want {
			t.Errorf("%s is %q, want %q", conversation, got, want)
		}
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
