package rest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"kapbot/adapters/internal/pause"
)

// maxRoutes bounds the table of routes: one is forgotten rather than kept for ever.
const maxRoutes = 4096

// shortest and longest bound what an answer may make us wait.
const (
	shortest = 50 * time.Millisecond
	longest  = time.Hour
)

// limits knows until when Discord wants to be left alone.
type limits struct {
	mu      sync.Mutex
	all     time.Time                     // Cloudflare: nothing at all
	global  time.Time                     // all routes that are not exempt
	routes  *lru.Cache[string, time.Time] // one route
	refused bool                          // the token is not accepted
}

func newLimits() *limits {
	routes, err := lru.New[string, time.Time](maxRoutes)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &limits{routes: routes}
}

// wait waits until a request may be sent. If that is later than ctx allows it fails
// at once: whoever asks may still do something else in the time.
func (l *limits) wait(ctx context.Context, where route) error {
	for {
		until, whole, refused := l.until(where)
		if refused {
			return &Error{Route: where.name, Status: http.StatusUnauthorized}
		}
		d := time.Until(until)
		if d <= 0 {
			return ctx.Err()
		}
		if end, ok := ctx.Deadline(); ok && end.Before(until) {
			return &LimitedError{Route: where.name, Wait: d, Whole: whole}
		}
		if err := pause.For(ctx, d); err != nil {
			return err
		}
	}
}

func (l *limits) until(where route) (until time.Time, whole, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until, whole = l.all, true
	if where.exempt {
		return until, whole, l.refused
	}
	if l.global.After(until) {
		until = l.global
	}
	if at, ok := l.routes.Get(where.name); ok && at.After(until) {
		until, whole = at, false
	}
	return until, whole, l.refused
}

// learn reads the limits from an answer and says how long a 429 asks to wait.
func (l *limits) learn(where route, res *http.Response, body []byte) *LimitedError {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case res.StatusCode == http.StatusUnauthorized:
		l.refused = l.refused || !where.exempt
	case res.StatusCode != http.StatusTooManyRequests:
		if res.Header.Get("X-RateLimit-Remaining") == "0" && !where.exempt {
			l.routes.Add(where.name, now.Add(seconds(res.Header.Get("X-RateLimit-Reset-After"), 0)))
		}
		return nil
	default:
		wait := seconds(res.Header.Get("Retry-After"), time.Second)
		limited := &LimitedError{Route: where.name, Wait: wait, Whole: true}
		switch {
		case !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json"):
			l.all = later(l.all, now.Add(wait)) // Cloudflare's
		case res.Header.Get("X-RateLimit-Global") != "", strings.EqualFold(res.Header.Get("X-RateLimit-Scope"), "global"), says(body, `"global":true`):
			l.global = later(l.global, now.Add(wait))
		default:
			limited.Whole = false
		}
		l.routes.Add(where.name, now.Add(wait))
		return limited
	}
	return nil
}

func says(body []byte, what string) bool {
	return strings.Contains(strings.ReplaceAll(string(body), " ", ""), what)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// seconds reads a header's number of seconds, within bounds.
func seconds(text string, otherwise time.Duration) time.Duration {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != f || f < 0 {
		return otherwise
	}
	if f > longest.Seconds() {
		return longest
	}
	return max(shortest, time.Duration(f*float64(time.Second)))
}
