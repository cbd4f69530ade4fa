package enginetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapbot/bot/engine"
)

// TestForgetting checks what becomes of events that were finished long ago. Expire lets the
// time pass for which s remembers them: by a clock that the test has in hand, or by
// setting the database's rows back.
func TestForgetting(t *testing.T, s engine.Store, expire func()) {
	handle := func(event string) {
		t.Helper()
		ticket := claim(t, s, event, "c", long)
		count := tally("t")
		count.Wording = "who pays?"
		ok(t, s.Finish(t.Context(), ticket, engine.Record{Tally: count}))
	}
	handle("e1")
	handle("e2")
	cannotClaim(t, s, "e1", "c", engine.ErrDone)
	before, err := s.Report(t.Context(), noon, noon.Add(long))
	ok(t, err)

	expire()
	ok(t, s.Prune(t.Context()))
	ok(t, s.Prune(t.Context()))
	after, err := s.Report(t.Context(), noon, noon.Add(long))
	ok(t, err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("pruning changed the report (-before +after):\n%s", diff)
	}

	handle("e1") // nobody sends it again after so long; if so, it is a new event
	expire()
	handle("e1") // even where it was not pruned
	if n := counted(t, s, "t"); n != 4 {
		t.Errorf("counted %d replies of 4", n)
	}
}
