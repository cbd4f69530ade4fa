package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Envelope is one thing that Slack delivers, whichever way it travels.
type Envelope struct {
	Type    string // events_api, slash_commands, interactive
	Payload json.RawMessage
	Key     string // event_id or trigger_id
	Once    bool   // slash commands and interactions are never sent again
}

// Stats count what the fake saw.
type Stats struct {
	Accepted  int // sockets accepted
	Sent      int // envelopes written to a socket or posted
	Retries   int // of those, further attempts
	NoSocket  int // attempts without an open socket
	Lost      int // deliveries given up
	TooBig    int // acknowledgements of 20 kB or more, dropped as Slack does
	AckTimes  []time.Duration
	Delivered int // deliveries acknowledged
}

// AckPercentile returns the p-th percentile (0..1) of the acknowledgement times.
func (st Stats) AckPercentile(p float64) time.Duration {
	if len(st.AckTimes) == 0 {
		return 0
	}
	t := slices.Clone(st.AckTimes)
	slices.Sort(t)
	return t[int(p*float64(len(t)-1))]
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.AckTimes = slices.Clone(st.AckTimes)
	return st
}

// Accepted is how many sockets were accepted so far.
func (s *Server) Accepted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats.Accepted
}

// Deliver sends an envelope over Socket Mode in the background, again and again
// on the retry schedule until it is acknowledged. The channel yields the
// acknowledgement, or is closed when the delivery was given up.
func (s *Server) Deliver(e Envelope) <-chan Ack {
	out := make(chan Ack, 1)
	s.wg.Go(func() {
		defer close(out)
		if ack, ok := s.attempts(e); ok {
			out <- ack
		}
	})
	return out
}

func (s *Server) attempts(e Envelope) (Ack, bool) {
	retries := s.opts.Retries
	if e.Once {
		retries = nil
	}
	for attempt := 0; attempt <= len(retries); attempt++ {
		if attempt > 0 && !s.pause(retries[attempt-1]) {
			return Ack{}, false
		}
		ack, ok := s.attempt(e, attempt)
		if ok {
			return ack, true
		}
	}
	s.mu.Lock()
	s.stats.Lost++
	s.note()
	s.mu.Unlock()
	return Ack{}, false
}

func (s *Server) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.stop:
		return false
	}
}

func (s *Server) attempt(e Envelope, number int) (Ack, bool) {
	id := s.id("env-")
	got := make(chan Ack, 1)
	frame := envelopeFrame(e, id, number)
	sent := time.Now()
	c := s.pick(id, got, number)
	if c == nil {
		return s.await(id, got, sent)
	}
	if err := c.Send(frame); err != nil {
		c.end()
	}
	return s.await(id, got, sent)
}

// pick registers the envelope and takes the next open socket in turn.
func (s *Server) pick(id string, got chan Ack, number int) *Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting[id] = got
	if number > 0 {
		s.stats.Retries++
	}
	if len(s.sockets) == 0 || s.script.HoldFrames {
		s.stats.NoSocket++
		return nil
	}
	s.next++
	s.stats.Sent++
	return s.sockets[s.next%len(s.sockets)]
}

func (s *Server) await(id string, got chan Ack, sent time.Time) (Ack, bool) {
	timer := time.NewTimer(s.opts.AckWithin)
	defer timer.Stop()
	select {
	case ack := <-got:
		s.mu.Lock()
		s.stats.Delivered++
		s.stats.AckTimes = append(s.stats.AckTimes, time.Since(sent))
		s.note()
		s.mu.Unlock()
		return ack, true
	case <-timer.C:
	case <-s.stop:
	}
	s.mu.Lock()
	delete(s.waiting, id)
	s.mu.Unlock()
	return Ack{}, false
}

func (s *Server) acknowledge(a Ack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Bytes >= maxAck {
		s.stats.TooBig++
		return
	}
	if got := s.waiting[a.EnvelopeID]; got != nil {
		delete(s.waiting, a.EnvelopeID)
		got <- a
	}
}

// Frame returns the envelope as one socket frame, for a test that sends it itself.
func Frame(e Envelope, envelopeID string) string { return envelopeFrame(e, envelopeID, 0) }

func envelopeFrame(e Envelope, id string, retry int) string {
	reason := ""
	if retry > 0 {
		reason = "timeout"
	}
	return fmt.Sprintf(`{"envelope_id":%q,"type":%q,"payload":%s,"accepts_response_payload":%t,"retry_attempt":%d,"retry_reason":%q}`,
		id, e.Type, e.Payload, e.Type != "events_api", retry, reason)
}
