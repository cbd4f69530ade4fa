package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapbot/adapters/sqlite"
	"kapbot/bot"
	"kapbot/bot/engine"
)

const (
	soakConversations = 1000
	soakInHand        = 400
	reloads           = 20
)

var soakTexts = []string{
	"How does it work?", "and for PTSD?", "who benefits?", "how much does it cost?", "hello", "tell me about chronic pain",
	"how do I choose a provider", "what dose should I take", "asdf qwer", "is it legal in Ohio?", "thanks", "I want to die",
}

const poison = "the message on which the bot panics"

// TestSoak sends messages through the real bot and a real file, while the store
// is lost and found, documents are reloaded, and one message in 97 makes the bot panic. At full
// size:
//
//	go test ./adapters/sqlite -run TestSoak -soak 200000 -v -timeout 60m
func TestSoak(t *testing.T) {
	n := *soakSize
	outages := max(2, n/20_000)
	outage := max(n/50, soakInHand+100) // messages long: some of them meet it
	if n < 3*outages*outage {
		t.Fatalf("-soak %d is too few messages for %d outages", n, outages)
	}
	b, err := bot.New(t.Context(), bot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	file := open(t, filepath.Join(t.TempDir(), "kapbot.db"))
	store := &unreliable{Store: file}
	s := &soak{t: t, inHand: make(chan struct{}, soakInHand), took: make([]time.Duration, 0, 2*n)}
	e := engine.New(fragile{b}, store, engine.Options{Observer: s})
	begun := time.Now()
	var heap []uint64
	var goroutines []int
	for i := range n {
		switch i % (n / outages) {
		case n / outages / 2:
			store.back(t.Context(), e)
			store.away.Store(true)
		case n/outages/2 + outage:
			store.away.Store(false)
		}
		if i%(n/reloads) == n/reloads-1 {
			if err := b.Reload(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if i%(n/10) == n/10-1 {
			heap, goroutines = append(heap, heapInUse()), append(goroutines, runtime.NumGoroutine())
		}
		s.send(e, i)
		if i%5 == 0 {
			s.send(e, i)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	store.back(ctx, e)
	if err := e.Drain(ctx); err != nil {
		t.Error(err)
	}
	t.Logf("%d messages and %d copies in %v, %d outages, %d reloads, %d panics caught",
		n, n/5, time.Since(begun).Round(time.Millisecond), s.lost, reloads, s.panics)
	s.check(n, outages)
	t.Logf("heap in use, a tenth at a time, in KiB: %v", heap)
	t.Logf("goroutines, with up to %d messages in hand: %v", soakInHand, goroutines)
	if n >= fullSoak && heap[9] > heap[1]+heap[1]/2 {
		t.Errorf("the heap grows: %v KiB", heap)
	}
	if got := counted(t, file); got != int64(n) {
		t.Errorf("counted %d replies of %d", got, n)
	}
}

const fullSoak = 200_000

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc >> 10
}

func counted(t *testing.T, s *sqlite.Store) (n int64) {
	t.Helper()
	r, err := s.Report(t.Context(), time.Now().Add(-24*time.Hour), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Counts {
		n += c.N
	}
	return n
}

// soak sends, and checks what comes back.
type soak struct {
	engine.Unobserved
	t      *testing.T
	inHand chan struct{}

	mu           sync.Mutex
	last         [soakConversations]int // the last message answered, by conversation
	posts        int
	disordered   int
	failed       int
	took, waited []time.Duration
	panics, lost int
}

func (s *soak) send(e *engine.Engine, i int) {
	s.inHand <- struct{}{}
	text := soakTexts[i%len(soakTexts)]
	if i%97 == 0 {
		text = poison
	}
	err := e.Submit(s.t.Context(), engine.Event{
		Adapter: "soak", ID: fmt.Sprint(i), Conversation: fmt.Sprint(i % soakConversations),
		Message: bot.Message{Text: text},
		Deliver: func(context.Context, bot.Reply) error { s.posted(i); return nil },
		Settled: func(o engine.Outcome) { s.settled(o) },
	})
	if err != nil {
		s.t.Error(err)
		<-s.inHand
	}
}

func (s *soak) posted(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	if last := &s.last[i%soakConversations]; i < *last {
		s.disordered++
	} else {
		*last = i
	}
}

func (s *soak) settled(o engine.Outcome) {
	<-s.inHand
	if !o.Acknowledge() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed++
	}
}

func (s *soak) Handled(h engine.Handled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Outcome == engine.Answered {
		s.took, s.waited = append(s.took, h.Took), append(s.waited, h.Waited)
	}
}

func (s *soak) Panicked(string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.panics++
}

func (s *soak) StoreUp(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !up {
		s.lost++
	}
}

func (s *soak) check(n, outages int) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.took)
	slices.Sort(s.waited)
	at := func(d []time.Duration, permille int) time.Duration {
		return d[min(len(d)-1, len(d)*permille/1000)].Round(time.Microsecond)
	}
	s.t.Logf("handling: p50 %v, p99 %v, max %v; waiting in the queue before: p50 %v, p99 %v",
		at(s.took, 500), at(s.took, 990), at(s.took, 1000), at(s.waited, 500), at(s.waited, 990))
	if s.posts != n || s.disordered > 0 || s.failed > 0 {
		s.t.Errorf("posted %d of %d, %d out of order, %d failed", s.posts, n, s.disordered, s.failed)
	}
	if want := (n + 96) / 97; s.panics != want {
		s.t.Errorf("%d panics of %d caught", s.panics, want)
	}
	if s.lost < outages {
		s.t.Errorf("%d outages of %d noticed", s.lost, outages)
	}
}

// fragile is a bot that panics on one message.
type fragile struct{ *bot.Bot }

func (f fragile) Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	if m.Text == poison {
		panic(m.Text)
	}
	return f.Bot.Reply(ctx, m, c)
}

// unreliable is a store that can be away.
type unreliable struct {
	engine.Store
	away atomic.Bool
}

var errAway = errors.New("the disk is gone")

func (u *unreliable) Claim(ctx context.Context, event, talk engine.Key, owner string, ttl time.Duration) (engine.Ticket, error) {
	if u.away.Load() {
		return engine.Ticket{}, errAway
	}
	return u.Store.Claim(ctx, event, talk, owner, ttl)
}

func (u *unreliable) Holds(ctx context.Context, t engine.Ticket) error {
	if u.away.Load() {
		return errAway
	}
	return u.Store.Holds(ctx, t)
}

func (u *unreliable) Renew(ctx context.Context, t engine.Ticket, ttl time.Duration) error {
	if u.away.Load() {
		return errAway
	}
	return u.Store.Renew(ctx, t, ttl)
}

func (u *unreliable) Finish(ctx context.Context, t engine.Ticket, r engine.Record) error {
	if u.away.Load() {
		return errAway
	}
	return u.Store.Finish(ctx, t, r)
}

func (u *unreliable) CatchUp(ctx context.Context, all []engine.Finished) error {
	if u.away.Load() {
		return errAway
	}
	return u.Store.CatchUp(ctx, all)
}

func (u *unreliable) Ping(ctx context.Context) error {
	if u.away.Load() {
		return errAway
	}
	return u.Store.Ping(ctx)
}

// back waits until e has noticed that the store is back.
func (u *unreliable) back(ctx context.Context, e *engine.Engine) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for e.Health() != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
