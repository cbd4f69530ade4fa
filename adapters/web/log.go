package web

import (
	"log"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// guard is around every route: headers, the limit in all, a panic that stays
// with its request, and one line in the log. The line has the route's pattern
// and not the path, which is whatever someone typed.
func (s *Server) guard(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.o.Now()
		rec := &recorder{ResponseWriter: w}
		s.headers(rec.Header(), secure(r, s.o.Proxies))
		defer func() {
			fault := recover()
			if fault != nil && rec.status == 0 {
				s.refuse(rec, r, problemFault)
			}
			s.logRequest(r, route, rec.status, s.o.Now().Sub(start))
			if fault != nil {
				// The value of a panic may hold what someone typed; the stack does not.
				s.o.Log.Error("panic in a request", "route", route, "stack", string(debug.Stack()))
			}
		}()
		// The body is read before the request takes a place, so that someone who
		// sends it slowly keeps nobody else waiting.
		if err := readBody(rec, r); err != nil {
			s.refuse(rec, r, problemTooLarge)
			return
		}
		if !s.limits.enter(s.o.Now()) {
			s.refuse(rec, r, problemBusy)
			return
		}
		defer s.limits.leave()
		next.ServeHTTP(rec, r)
	})
}

// share refuses what is over the share of its address.
func (s *Server) share(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.limited(r) {
			s.refuse(w, r, problemSlowDown)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) logRequest(r *http.Request, route string, status int, took time.Duration) {
	s.o.Log.LogAttrs(r.Context(), slog.LevelDebug, "request",
		slog.String("route", route), slog.Int("status", status), slog.Int64("ms", took.Milliseconds()))
}

// faultLog is the server's own log. Its lines name addresses, so only that
// there was a fault is kept.
func faultLog(l *slog.Logger) *log.Logger { return log.New(faults{l}, "", 0) }

type faults struct{ log *slog.Logger }

func (f faults) Write(line []byte) (int, error) {
	f.log.Debug("a connection failed")
	return len(line), nil
}
