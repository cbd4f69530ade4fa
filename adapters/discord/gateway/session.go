package gateway

import (
	"encoding/json"
	"sync"
)

// state is what RESUME needs. It is kept in the store, so it names no one.
type state struct {
	ID     string `json:"id"`
	URL    string `json:"url"`
	Seq    int64  `json:"seq"`
	Shards int    `json:"shards"`
}

// session is a shard's place in the stream of events.
type session struct {
	mu      sync.Mutex
	now     state
	held    map[int64]int // events taken and not yet done, by sequence number
	changed bool
	begun   chan struct{} // told when a session has begun and is worth keeping at once
}

func newSession() *session { return &session{begun: make(chan struct{}, 1)} }

// resume is where this process goes on: what it has taken it will finish.
func (s *session) resume() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// begin starts anew after READY.
func (s *session) begin(r ready) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = state{ID: r.SessionID, URL: r.ResumeURL, Shards: s.now.Shards}
	s.held, s.changed = nil, true
	select {
	case s.begun <- struct{}{}:
	default:
	}
}

// forget drops the session: the next connection identifies.
func (s *session) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = state{Shards: s.now.Shards}
	s.held, s.changed = nil, true
}

// advance moves to a sequence number; a replay never moves back.
func (s *session) advance(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seq > s.now.Seq {
		s.now.Seq, s.changed = seq, true
	}
}

// hold keeps the stored place before seq until done is called.
func (s *session) hold(seq int64) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[int64]int{}
	}
	s.held[seq]++
	id := s.now.ID
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.now.ID != id || s.held[seq] == 0 {
			return
		}
		if s.held[seq]--; s.held[seq] == 0 {
			delete(s.held, seq)
			s.changed = true
		}
	})
}

// save is what another owner would need, if it has changed since the last
// call: everything before it is done.
func (s *session) save() ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.changed {
		return nil, false
	}
	s.changed = false
	if s.now.ID == "" {
		return nil, true
	}
	kept := s.now
	for seq := range s.held {
		kept.Seq = min(kept.Seq, seq-1)
	}
	raw, err := json.Marshal(kept)
	return raw, err == nil
}

// unsaved says that the last save did not reach the store.
func (s *session) unsaved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = true
}

// restore reads what an earlier owner kept; what does not fit is forgotten.
func (s *session) restore(raw []byte, shards int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept state
	if json.Unmarshal(raw, &kept) != nil || kept.Shards != shards || kept.Seq < 0 {
		kept = state{}
	}
	kept.Shards = shards
	s.now, s.held, s.changed = kept, nil, false
}
