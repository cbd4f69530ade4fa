package enginetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapbot/bot/engine"
)

func countsAddUp(t *testing.T, open func() engine.Store) {
	stores := []engine.Store{open(), open()}
	const n = 100
	for _, err := range race(n, func(i int) error {
		s := stores[i%len(stores)]
		ticket, err := s.Claim(t.Context(), key(fmt.Sprint(i)), key(fmt.Sprint("c", i)), "owner", long)
		if err != nil {
			return err
		}
		return s.Finish(t.Context(), ticket, engine.Record{Tally: tally("t")})
	}) {
		ok(t, err)
	}
	if got := counted(t, stores[0], "t"); got != n {
		t.Errorf("counted %d, want %d", got, n)
	}
}

func report(t *testing.T, open func() engine.Store) {
	s := open()
	add := func(id string, tally engine.Tally) {
		t.Helper()
		ticket := claim(t, s, id, id, long)
		ok(t, s.Finish(t.Context(), ticket, engine.Record{Tally: &tally}))
	}
	before, within, after := noon.Add(-time.Millisecond), noon.Add(59*time.Minute), noon.Add(2*time.Hour)
	zone := time.FixedZone("", -5*3600)
	add("1", engine.Tally{At: before, Adapter: "slack", Kind: "answer", Topic: "b"})
	add("2", engine.Tally{At: within, Adapter: "slack", Kind: "answer", Topic: "b"})
	add("3", engine.Tally{At: within.In(zone), Adapter: "slack", Kind: "answer", Topic: "b"})
	add("4", engine.Tally{At: noon, Adapter: "discord", Kind: "not_covered", Topic: "cost", Wording: "cost?"})
	add("5", engine.Tally{At: noon, Adapter: "slack", Kind: "not_covered", Wording: "who pays?"})
	add("6", engine.Tally{At: noon.Add(time.Hour), Adapter: "slack", Kind: "not_covered", Wording: "who pays?"})
	add("7", engine.Tally{At: before, Adapter: "slack", Kind: "not_covered", Wording: "who pays?"})
	add("8", engine.Tally{At: after, Adapter: "slack", Kind: "answer", Topic: "b"})

	got, err := s.Report(t.Context(), noon.Add(10*time.Minute), after.Add(10*time.Minute))
	ok(t, err)
	want := engine.Report{
		Counts: []engine.Count{
			{Hour: noon, Adapter: "discord", Kind: "not_covered", Topic: "cost", N: 1},
			{Hour: noon, Adapter: "slack", Kind: "answer", Topic: "b", N: 2},
			{Hour: noon, Adapter: "slack", Kind: "not_covered", N: 1},
			{Hour: noon.Add(time.Hour), Adapter: "slack", Kind: "not_covered", N: 1},
		},
		Unanswered: []engine.Wording{
			{Text: "who pays?", N: 3, Last: noon.Add(time.Hour)},
			{Text: "cost?", N: 1, Last: noon},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	empty, err := s.Report(t.Context(), after.Add(time.Hour), after.Add(2*time.Hour))
	ok(t, err)
	if diff := cmp.Diff(engine.Report{}, empty); diff != "" {
		t.Errorf("empty report (-want +got):\n%s", diff)
	}
}

func ratings(t *testing.T, open func() engine.Store) {
	s := open()
	ok(t, s.Rate(t.Context(), key("ann"), engine.Rating{At: noon, Topic: "b", Helpful: true}))
	ok(t, s.Rate(t.Context(), key("ben"), engine.Rating{At: noon.Add(time.Minute), Topic: "b", Helpful: true}))
	ok(t, s.Rate(t.Context(), key("cem"), engine.Rating{At: noon, Topic: "b", Reason: engine.Unclear}))
	ok(t, s.Rate(t.Context(), key("ann"), engine.Rating{At: noon.Add(time.Hour), Topic: "b", Reason: engine.TooLong}))
	got, err := s.Report(t.Context(), noon, noon.Add(2*time.Hour))
	ok(t, err)
	want := engine.Report{Ratings: []engine.RatingCount{
		{Hour: noon, Topic: "b", Helpful: true, N: 1},
		{Hour: noon, Topic: "b", Reason: engine.Unclear, N: 1},
		{Hour: noon.Add(time.Hour), Topic: "b", Reason: engine.TooLong, N: 1},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ratings (-want +got):\n%s", diff)
	}
}
