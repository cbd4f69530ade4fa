package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a Store that forgets everything when the process ends. It is what
// the terminal and the tests run on, and what an Engine falls back to.
type Memory struct {
	mu            sync.Mutex
	closed        bool
	claims        map[Key]memoryClaim
	conversations map[Key]memoryConversation
	counts        map[Count]int64
	wordings      map[string]Wording
	ratings       map[Key]Rating
	leases        map[string]memoryLease
	settings      map[[2]string][]byte
}

type memoryClaim struct {
	fence  int64
	until  time.Time // of the owner's hold
	forget time.Time // of the row
	done   bool
}

type memoryConversation struct {
	busy   Key // the event that holds it
	until  time.Time
	state  []byte
	forget time.Time
}

type memoryLease struct {
	owner string
	fence int64
	until time.Time
}

var errMemoryClosed = errors.New("memory store: closed")

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		claims:        map[Key]memoryClaim{},
		conversations: map[Key]memoryConversation{},
		counts:        map[Count]int64{},
		wordings:      map[string]Wording{},
		ratings:       map[Key]Rating{},
		leases:        map[string]memoryLease{},
		settings:      map[[2]string][]byte{},
	}
}

// lock begins a transaction; the caller defers the unlock.
func (s *Memory) lock(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errMemoryClosed
	}
	return s.mu.Unlock, nil
}

// Claim implements Claims.
func (s *Memory) Claim(ctx context.Context, event, conversation Key, owner string, ttl time.Duration) (Ticket, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Ticket{}, err
	}
	defer unlock()
	now := time.Now()
	c := s.claims[event]
	if !c.forget.After(now) {
		c = memoryClaim{}
	}
	talk := s.conversations[conversation]
	switch {
	case c.done:
		return Ticket{}, ErrDone
	case c.until.After(now):
		return Ticket{}, &HeldError{For: c.until.Sub(now)}
	case talk.busy != event && talk.until.After(now):
		return Ticket{}, &HeldError{For: talk.until.Sub(now)}
	}
	c.fence++
	c.until, c.forget = now.Add(ttl), now.Add(max(ttl, Remember))
	s.claims[event] = c
	if !talk.forget.After(now) {
		talk.state = nil
	}
	talk.busy, talk.until = event, c.until
	s.conversations[conversation] = talk
	return Ticket{Event: event, Conversation: conversation, Fence: c.fence, State: talk.state}, nil
}

// Holds implements Claims.
func (s *Memory) Holds(ctx context.Context, t Ticket) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return s.holds(t)
}

func (s *Memory) holds(t Ticket) error {
	if c := s.claims[t.Event]; c.done || c.fence != t.Fence || s.conversations[t.Conversation].busy != t.Event {
		return ErrFenced
	}
	return nil
}

// Renew implements Claims.
func (s *Memory) Renew(ctx context.Context, t Ticket, ttl time.Duration) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.holds(t); err != nil {
		return err
	}
	c, talk := s.claims[t.Event], s.conversations[t.Conversation]
	c.until = time.Now().Add(ttl)
	c.forget = time.Now().Add(max(ttl, Remember))
	talk.until = c.until
	s.claims[t.Event], s.conversations[t.Conversation] = c, talk
	return nil
}

// Release implements Claims.
func (s *Memory) Release(ctx context.Context, t Ticket) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	c := s.claims[t.Event]
	if c.done || c.fence != t.Fence {
		return nil
	}
	c.until = time.Time{}
	s.claims[t.Event] = c
	s.free(t)
	return nil
}

// free lets the next event of t's conversation in.
func (s *Memory) free(t Ticket) {
	if talk := s.conversations[t.Conversation]; talk.busy == t.Event {
		talk.until = time.Time{}
		s.conversations[t.Conversation] = talk
	}
}

// Finish implements Claims.
func (s *Memory) Finish(ctx context.Context, t Ticket, r Record) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	now := time.Now()
	c := s.claims[t.Event]
	if c.fence != t.Fence {
		return ErrFenced
	}
	if c.done {
		return nil
	}
	c.done, c.until, c.forget = true, time.Time{}, now.Add(Remember)
	s.claims[t.Event] = c
	if s.conversations[t.Conversation].busy == t.Event {
		s.keep(t.Conversation, r, now)
		s.free(t)
	}
	if r.Tally != nil {
		s.count(*r.Tally)
	}
	return nil
}

// CatchUp implements Claims.
func (s *Memory) CatchUp(ctx context.Context, all []Finished) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	now := time.Now()
	for _, f := range all {
		c := s.claims[f.Event]
		if c.done && c.forget.After(now) {
			continue
		}
		s.claims[f.Event] = memoryClaim{fence: c.fence + 1, done: true, forget: now.Add(Remember)}
		if talk := s.conversations[f.Conversation]; talk.busy == f.Event || !talk.until.After(now) {
			s.keep(f.Conversation, f.Record, now)
			s.free(Ticket{Event: f.Event, Conversation: f.Conversation})
		}
		if f.Record.Tally != nil {
			s.count(*f.Record.Tally)
		}
	}
	return nil
}

func (s *Memory) keep(conversation Key, r Record, now time.Time) {
	talk := s.conversations[conversation]
	talk.state, talk.forget = slices.Clone(r.State), now.Add(r.Keep)
	s.conversations[conversation] = talk
}

func (s *Memory) count(t Tally) {
	hour := t.At.UTC().Truncate(time.Hour)
	s.counts[Count{Hour: hour, Adapter: t.Adapter, Kind: t.Kind, Topic: t.Topic}]++
	if t.Wording != "" {
		w := s.wordings[t.Wording]
		s.wordings[t.Wording] = Wording{Text: t.Wording, N: w.N + 1, Last: later(w.Last, hour)}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Prune implements Store.
func (s *Memory) Prune(ctx context.Context) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	now := time.Now()
	maps.DeleteFunc(s.claims, func(_ Key, c memoryClaim) bool { return !c.forget.After(now) })
	maps.DeleteFunc(s.conversations, func(_ Key, c memoryConversation) bool {
		return !c.forget.After(now) && !c.until.After(now)
	})
	return nil
}

// Ping implements Store.
func (s *Memory) Ping(ctx context.Context) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	unlock()
	return nil
}

// Close implements Store.
func (s *Memory) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
