package discordfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Request is one REST request as it came. Status is the answer's, 0 while there is none.
type Request struct {
	Method string
	Path   string // without /api/v10
	Query  string
	Auth   string
	Body   []byte
	Status int
	At     time.Time
}

// Decode reads the request's body into v and reports whether it is JSON.
func (r Request) Decode(v any) bool { return json.Unmarshal(r.Body, v) == nil }

// Requests lists what came, oldest first: those with this method ("" for any)
// whose path contains part.
func (s *Server) Requests(method, part string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if (method == "" || r.Method == method) && strings.Contains(r.Path, part) {
			out = append(out, *r)
		}
	}
	return out
}

// Messages lists what a channel holds, oldest first.
func (s *Server) Messages(channel string) []Message { return s.MessagesFrom(channel, 0) }

// MessagesFrom lists what a channel holds but for the first n.
func (s *Server) MessagesFrom(channel string, n int) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.messages[channel]
	var out []Message
	for _, m := range all[min(n, len(all)):] {
		out = append(out, *m)
	}
	return out
}

// Commands is the body of the last bulk overwrite, global or of one guild.
func (s *Server) Commands(guild string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[guild])
}

// Forget empties the list of requests: a long soak need not keep them.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Fault is what a REST request meets in place of its answer.
type Fault struct {
	Method string // "" for any
	Path   string // part of the path, "" for any
	Times  int    // how often; 0 means once, below 0 for ever

	Status int // 0 with Hang or After
	Header http.Header
	Body   string

	Hang  bool          // never answers until the client leaves
	Delay time.Duration // waits before the answer
	// After does the work first and then answers with the fault: the
	// message exists and the client does not know.
	After bool
	// Cut closes the connection in place of an answer.
	Cut bool

	hits int
}

// Fail adds faults; the first that fits a request is used.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults = append(s.faults, &f)
	}
}

// Heal removes every fault of REST and of the gateway.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.scripts, s.refused = nil, nil, false
}

// fault picks the fault for a request, if any.
func (s *Server) fault(method, path string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if (f.Method != "" && f.Method != method) || !strings.Contains(path, f.Path) {
			continue
		}
		if f.Times > 0 && f.hits >= f.Times {
			continue
		}
		f.hits++
		return f
	}
	return nil
}

// TooMany is a 429 of Discord's own, of the given scope ("user", "global" or
// "shared"), that asks to wait for the given seconds.
func TooMany(path, scope, seconds string) Fault {
	h := http.Header{"Content-Type": {"application/json"}, "Retry-After": {seconds}, "X-Ratelimit-Scope": {scope}}
	global := "false"
	if scope == "global" {
		h.Set("X-RateLimit-Global", "true")
		global = "true"
	} else {
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Reset-After", seconds)
	}
	return Fault{Path: path, Status: http.StatusTooManyRequests, Header: h,
		Body: `{"message":"You are being rate limited.","retry_after":` + seconds + `,"global":` + global + `}`}
}

// Cloudflare is the 429 that stands before Discord: text, no JSON.
func Cloudflare(path, seconds string) Fault {
	return Fault{Path: path, Status: http.StatusTooManyRequests,
		Header: http.Header{"Content-Type": {"text/plain; charset=UTF-8"}, "Retry-After": {seconds}, "Via": {"1.1 google"}},
		Body:   "error code: 1015"}
}
