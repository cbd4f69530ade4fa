// Package storm runs an engine in several processes on one database, kills and freezes them
// at random, and checks that each event is answered exactly once and counted once.
//
// The processes are the test binary itself: its TestMain calls Main first, and that is
// where a process that a storm has started ends up.
package storm

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kapbot/bot/engine"
)

// Storm says how bad the weather is.
type Storm struct {
	Database string // as Main's open understands it
	Events   int    // each is delivered one to three times, and again until acknowledged
	Replicas int
	Kills    int           // with SIGKILL; a new replica takes the place
	Freezes  int           // with SIGSTOP, for half a second to seven seconds, one at a time
	Lease    time.Duration // zero is the engine's default
	// StoreTimeout is long where the machine is busy with other tests, which is not to be
	// taken for a lost store; zero is the engine's default.
	StoreTimeout time.Duration
	// Within fails the storm if an event is not answered for longer than this though a
	// replica is awake that has a copy, and no other that has one was lost; zero only reports it.
	Within time.Duration
}

const (
	conversations = 500
	window        = 300 // events under way at a time
)

// Run blows until every event is acknowledged. Store is the test's own connection to the
// database.
func (s Storm) Run(t *testing.T, store engine.Store) {
	t.Helper()
	p := newPlatform(t, s)
	for i := range s.Replicas {
		p.start(i)
	}
	t.Cleanup(p.stop)
	begun := time.Now()
	p.blow(s.plan())
	took := time.Since(begun)

	p.mu.Lock()
	defer p.mu.Unlock()
	var copies, never, twice int
	var waited []time.Duration
	for _, e := range p.events {
		copies += e.sent
		switch len(e.posts) {
		case 0:
			never++
		case 1:
			waited = append(waited, e.waited...)
		default:
			twice++
		}
	}
	slices.Sort(waited)
	longest := waited[len(waited)-1]
	t.Logf("%d events in %v: %d copies (%d delivered again, %d refused), %d kills, %d freezes",
		s.Events, took.Round(time.Millisecond), copies, p.redelivered, p.refused, p.kills, p.freezes)
	t.Logf("answered never %d, twice %d, posted late %d; a copy at a replica that is awake waits p50 %v, p99 %v, max %v",
		never, twice, p.late, waited[len(waited)/2], waited[len(waited)*99/100], longest)
	if never+twice > 0 {
		t.Errorf("%d events were never answered, %d twice", never, twice)
	}
	if s.Within > 0 && longest > s.Within {
		t.Errorf("a copy waited %v at a replica that was awake", longest)
	}
	s.counted(t, store, begun)
}

func (s Storm) counted(t *testing.T, store engine.Store, begun time.Time) {
	t.Helper()
	r, err := store.Report(t.Context(), begun.Add(-time.Hour), begun.Add(3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, c := range r.Counts {
		n += c.N
	}
	if n != int64(s.Events) {
		t.Errorf("counted %d replies of %d", n, s.Events)
	}
}

// trouble is what happens once so many events are acknowledged.
type trouble struct {
	after  int
	freeze bool
}

// plan spreads the trouble over the storm at random.
func (s Storm) plan() (all []trouble) {
	for i := range s.Kills + s.Freezes {
		all = append(all, trouble{after: rand.IntN(s.Events), freeze: i >= s.Kills})
	}
	slices.SortFunc(all, func(a, b trouble) int { return a.after - b.after })
	return all
}

// blow delivers all events, and makes trouble until all are acknowledged.
func (p *platform) blow(plan []trouble) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var thaw <-chan time.Time
	frozen, sent := -1, 0
	for {
		select {
		case <-p.acked:
			return
		case <-thaw:
			p.setFrozen(frozen, false)
			frozen, thaw = -1, nil
		case <-tick.C:
			underWay, acked := p.redeliver(sent)
			for ; underWay < window && sent < len(p.events); underWay++ {
				p.deliverNew(sent)
				sent++
			}
			if len(plan) == 0 || acked < plan[0].after {
				continue
			}
			i := rand.IntN(len(p.replicas))
			switch {
			case !plan[0].freeze && i != frozen:
				p.kill(i)
				plan = plan[1:]
			case plan[0].freeze && frozen < 0:
				frozen, thaw = i, time.After(between(500, 7000))
				p.setFrozen(frozen, true)
				plan = plan[1:]
			case plan[0].freeze && len(plan) > 1: // one at a time: let the next trouble go first
				plan[0], plan[1] = plan[1], plan[0]
			}
		}
	}
}

func between(least, most int) time.Duration {
	return time.Duration(least+rand.IntN(most-least)) * time.Millisecond
}
