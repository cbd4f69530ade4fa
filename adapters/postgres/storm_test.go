package postgres_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kapbot/adapters/postgres/postgrestest"
)

const (
	stormReplicas      = 4
	stormConversations = 500
	stormWindow        = 300 // events under way at a time
	fullStorm          = 20_000
	rescueWithin       = 5 * time.Second // asserted in a full storm only
)

// TestStorm sends each event one to three times to random replicas, while replicas are
// killed and frozen at random, and expects each to be answered exactly once. At full size:
//
//	go test ./adapters/postgres -run TestStorm -storm 20000 -v -timeout 30m
func TestStorm(t *testing.T) {
	p := newPlatform(t, postgrestest.Start(t).Database(t), *stormSize)
	for i := range stormReplicas {
		p.start(i)
	}
	t.Cleanup(func() {
		for _, r := range p.replicas {
			_ = r.cmd.Process.Kill()
			<-r.gone
		}
	})
	begun := time.Now()
	weather := p.storm()
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
	t.Logf("%d events in %v: %d copies (%d delivered again, %d refused), %d kills, %d freezes",
		len(p.events), took.Round(time.Millisecond), copies, p.redelivered, p.refused, weather.kills, weather.freezes)
	t.Logf("answered never %d, twice %d, posted late %d; a copy at a replica that is awake waits p50 %v, p99 %v, max %v",
		never, twice, p.late, waited[len(waited)/2], waited[len(waited)*99/100], waited[len(waited)-1])
	if never+twice > 0 {
		t.Errorf("%d events were never answered, %d twice", never, twice)
	}
	if longest := waited[len(waited)-1]; len(p.events) >= fullStorm && longest > rescueWithin {
		t.Errorf("a copy waited %v at a replica that was awake", longest)
	}
	store := open(t, p.database)
	r, err := store.Report(t.Context(), begun.Add(-time.Hour), begun.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var counted int64
	for _, c := range r.Counts {
		counted += c.N
	}
	if counted != int64(len(p.events)) {
		t.Errorf("counted %d replies of %d", counted, len(p.events))
	}
}

type weather struct{ kills, freezes int }

// storm delivers all events, and makes trouble until all are acknowledged.
func (p *platform) storm() (w weather) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var trouble, thaw <-chan time.Time
	trouble = time.After(between(100, 300))
	frozen, sent := -1, 0
	for {
		select {
		case <-p.acked:
			if frozen >= 0 {
				p.freeze(frozen, false)
			}
			return w
		case <-tick.C:
			for underWay := p.redeliver(sent); underWay < stormWindow && sent < len(p.events); underWay++ {
				p.mu.Lock()
				for range 1 + rand.IntN(3) {
					p.deliver(sent)
				}
				p.mu.Unlock()
				sent++
			}
		case <-trouble:
			trouble = time.After(between(200, 800))
			if i := rand.IntN(stormReplicas); i != frozen && rand.IntN(2) == 0 {
				p.kill(i)
				w.kills++
			} else if frozen < 0 {
				frozen = i
				p.freeze(frozen, true)
				thaw = time.After(between(500, 7000))
				w.freezes++
			}
		case <-thaw:
			p.freeze(frozen, false)
			frozen, thaw = -1, nil
		}
	}
}

func between(least, most int) time.Duration {
	return time.Duration(least+rand.IntN(most-least)) * time.Millisecond
}
