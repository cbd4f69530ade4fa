// Package enginetest holds every engine.Store to the contract that engine.Store's
// comment states.
package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"kapbot/bot/engine"
)

// Fresh makes a new, empty database for t and returns a function that opens a
// connection to it, as often as it is called. It closes them when t ends.
type Fresh func(t *testing.T) (open func() engine.Store)

// TestStore runs the contract.
func TestStore(t *testing.T, fresh Fresh) {
	for name, test := range map[string]func(t *testing.T, open func() engine.Store){
		"an event is claimed by one owner":          claimedOnce,
		"a claim that ran out is taken over":        takenOver,
		"a claim that ran out can be renewed":       renewedLate,
		"a released claim is free at once":          released,
		"a finished event is done":                  done,
		"an event is counted once":                  countedOnce,
		"one event of a conversation at a time":     oneAtATime,
		"a conversation is found again":             conversationKept,
		"a late owner does not change conversation": lateOwner,
		"what was missed is caught up with":         caughtUp,
		"owners race for an event":                  ownersRace,
		"owners race for a conversation":            conversationRace,
		"counts add up under load":                  countsAddUp,
		"the report is by the hour":                 report,
		"a rating can be changed":                   ratings,
		"a lease has one owner":                     leases,
		"owners race for a lease":                   leaseRace,
		"settings are kept":                         settings,
		"pruning keeps what lives":                  prune,
		"no call outlives its context":              contexts,
		"a closed store fails":                      closed,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// key makes keys that differ where the names do.
func key(name string) engine.Key { return engine.KeyOf(nil, name) }

const long = time.Hour // a time to live that does not run out in a test

func claim(t *testing.T, s engine.Store, event, conversation string, ttl time.Duration) engine.Ticket {
	t.Helper()
	ticket, err := s.Claim(t.Context(), key(event), key(conversation), "owner", ttl)
	if err != nil {
		t.Fatalf("claim %s in %s: %v", event, conversation, err)
	}
	return ticket
}

func cannotClaim(t *testing.T, s engine.Store, event, conversation string, want error) {
	t.Helper()
	if _, err := s.Claim(t.Context(), key(event), key(conversation), "other", long); !errors.Is(err, want) {
		t.Errorf("claim %s in %s: got %v, want %v", event, conversation, err, want)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// tally counts one answer, at a time in the middle of an hour.
func tally(topic string) *engine.Tally {
	return &engine.Tally{At: noon.Add(30 * time.Minute), Adapter: "test", Kind: "answer", Topic: topic}
}

var noon = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)

// counted sums all counts of a topic.
func counted(t *testing.T, s engine.Store, topic string) int64 {
	t.Helper()
	r, err := s.Report(t.Context(), noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1))
	ok(t, err)
	var n int64
	for _, c := range r.Counts {
		if c.Topic == topic {
			n += c.N
		}
	}
	return n
}

func contexts(t *testing.T, open func() engine.Store) {
	s := open()
	ok(t, s.Ping(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Claim":  func() error { _, err := s.Claim(ctx, key("e"), key("c"), "o", long); return err },
		"Rate":   func() error { return s.Rate(ctx, key("r"), engine.Rating{At: noon}) },
		"Lease":  func() error { _, err := s.Lease(ctx, "n", "o", long); return err },
		"Report": func() error { _, err := s.Report(ctx, noon, noon); return err },
		"Ping":   func() error { return s.Ping(ctx) },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with an ended context: %v", name, err)
		}
	}
	claim(t, s, "e", "c", long) // nothing of the above was written
}

func closed(t *testing.T, open func() engine.Store) {
	s := open()
	ok(t, s.Ping(t.Context()))
	ok(t, s.Close())
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store can be used")
	}
}
