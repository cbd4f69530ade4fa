package slackfake

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is one wrong answer of a Web API method.
type Fault struct {
	Status     int           // HTTP status instead of 200
	RetryAfter string        // Retry-After header, as text so that a test can send nonsense
	Error      string        // {"ok":false,"error":…} instead of the result
	Body       string        // a raw body, for instance an HTML error page
	Hang       time.Duration // wait so long before answering, or until the caller gives up
	After      bool          // do the work first, then fail: the caller cannot know
}

// RateLimited is a 429 with the seconds to wait; an empty text leaves the header out.
func RateLimited(seconds string) Fault {
	return Fault{Status: http.StatusTooManyRequests, RetryAfter: seconds, Error: "ratelimited"}
}

// Fail queues faults for a method; each is used once, in order.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

func (s *Server) nextFault(method string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.faults[method]
	if len(queue) == 0 {
		return nil
	}
	s.faults[method] = queue[1:]
	return &queue[0]
}

// write answers with the fault; it reports false when the fault only delays.
func (f Fault) write(w http.ResponseWriter, r *http.Request, stop <-chan struct{}) bool {
	if f.Hang > 0 {
		timer := time.NewTimer(f.Hang)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return true
		case <-stop:
			return true
		}
	}
	if f.Status == 0 && f.Error == "" && f.Body == "" {
		return false
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if f.Status != 0 {
		w.WriteHeader(f.Status)
	}
	body := f.Body
	if body == "" && f.Error != "" {
		body = `{"ok":false,"error":` + strconv.Quote(f.Error) + `}`
	}
	_, _ = w.Write([]byte(body))
	return true
}

// Script says how the sockets behave from now on. The zero value is healthy.
type Script struct {
	NoHello    bool          // accept the socket and say nothing
	NoPing     bool          // never ping the app
	Drop       bool          // accept the socket, say hello, close at once
	BlackHole  bool          // read nothing, write nothing, keep the connection open
	OpenDelay  time.Duration // answer apps.connections.open so much later
	HoldFrames bool          // keep deliveries back (Slack is down) until the script changes
}

// Play sets the script.
func (s *Server) Play(script Script) {
	s.mu.Lock()
	s.script = script
	s.note()
	s.mu.Unlock()
}

func (s *Server) playing() Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.script
}
