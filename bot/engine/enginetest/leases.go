package enginetest

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"kapbot/bot/engine"
)

func leases(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	lease := func(s engine.Store, owner string, ttl time.Duration) engine.Lease {
		t.Helper()
		l, err := s.Lease(t.Context(), "shard/0", owner, ttl)
		ok(t, err)
		return l
	}
	refused := func(s engine.Store, owner string) {
		t.Helper()
		_, err := s.Lease(t.Context(), "shard/0", owner, long)
		is(t, err, engine.ErrHeld)
	}
	a := lease(here, "a", long)
	refused(there, "b")
	if again := lease(here, "a", long); again != a {
		t.Errorf("renewed %+v as %+v", a, again)
	}
	lease(here, "a", -time.Second)
	b := lease(there, "b", long)
	if b.Fence <= a.Fence {
		t.Errorf("fence %d after %d", b.Fence, a.Fence)
	}
	refused(here, "a")
	ok(t, here.Unlease(t.Context(), a)) // not a's any more
	refused(here, "a")
	ok(t, there.Unlease(t.Context(), b))
	if c := lease(here, "b", long); c.Fence <= b.Fence {
		t.Errorf("fence %d after %d, which was given back", c.Fence, b.Fence)
	}
	if other, err := there.Lease(t.Context(), "shard/1", "b", long); err != nil || other.Fence != 1 {
		t.Errorf("another name: %+v, %v", other, err)
	}
}

func settings(t *testing.T, open func() engine.Store) {
	here, there := open(), open()
	_, err := here.Setting(t.Context(), "guild", "1")
	is(t, err, engine.ErrNoSetting)
	value := []byte("\x00\xffblob")
	ok(t, here.SetSetting(t.Context(), "guild", "2", []byte("x")))
	ok(t, here.SetSetting(t.Context(), "guild", "1", []byte("old")))
	ok(t, here.SetSetting(t.Context(), "guild", "1", value))
	ok(t, here.SetSetting(t.Context(), "guild", "0", []byte{}))
	ok(t, here.SetSetting(t.Context(), "team", "9", []byte("x")))
	got, err := there.Setting(t.Context(), "guild", "1")
	ok(t, err)
	if !bytes.Equal(got, value) {
		t.Errorf("got %q", got)
	}
	ok(t, there.SetSetting(t.Context(), "guild", "2", nil))
	ok(t, there.SetSetting(t.Context(), "guild", "never", nil))
	_, err = here.Setting(t.Context(), "guild", "2")
	is(t, err, engine.ErrNoSetting)
	names, err := here.ListSettings(t.Context(), "guild")
	ok(t, err)
	if !slices.Equal(names, []string{"0", "1"}) {
		t.Errorf("names %q", names)
	}
}

func prune(t *testing.T, open func() engine.Store) {
	s := open()
	finished := claim(t, s, "done", "c1", long)
	ok(t, s.Finish(t.Context(), finished, engine.Record{State: []byte("kept"), Keep: long, Tally: tally("t")}))
	held := claim(t, s, "held", "c2", long)
	lapsed := claim(t, s, "lapsed", "c3", -time.Second)
	short := claim(t, s, "short", "c4", long)
	ok(t, s.Finish(t.Context(), short, engine.Record{State: []byte("gone"), Keep: -time.Second}))
	ok(t, s.Prune(t.Context()))

	cannotClaim(t, s, "done", "c1", engine.ErrDone)
	cannotClaim(t, s, "held", "c2", engine.ErrHeld)
	ok(t, s.Renew(t.Context(), held, long))
	if again := claim(t, s, "lapsed", "c3", long); again.Fence != lapsed.Fence+1 {
		t.Errorf("the lapsed claim was forgotten: fence %d", again.Fence)
	}
	if next := claim(t, s, "next", "c1", long); string(next.State) != "kept" {
		t.Errorf("the conversation was forgotten: %q", next.State)
	}
	if counted(t, s, "t") != 1 {
		t.Error("the count was forgotten")
	}
}
