package ops

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"
)

// Options are the settings of a Server.
type Options struct {
	Listen    string // HOST:PORT
	Token     string // asked for by the pages for people, if it is set
	Profiling bool   // serve /debug/pprof/; the caller sees to it that Listen is on loopback
	Metrics   *Metrics
	Health    *Health
	// Page is the operator's page, or nil. It is shown with the token, or to
	// loopback where there is none.
	Page http.Handler
}

// Server is the listener for the operator.
type Server struct {
	o        Options
	listener net.Listener
}

// Listen opens the listener, so that an address that is taken is found at once.
func Listen(ctx context.Context, o Options) (*Server, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("ops.listen: %w; stop what listens there or choose another address", err)
	}
	return &Server{o: o, listener: l}, nil
}

// Addr is the address on which it listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Run serves until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	srv := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      70 * time.Second, // a CPU profile takes 30 s unless told otherwise
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stop := context.AfterFunc(ctx, func() {
		quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if srv.Shutdown(quiet) != nil {
			srv.Close()
		}
	})
	defer stop()
	if err := srv.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve ops: %w", err)
	}
	return nil
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.o.Metrics.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeReport(w, http.StatusOK, s.o.Health.Report())
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		r := s.o.Health.Report()
		status := http.StatusOK
		if !r.Ready {
			status = http.StatusServiceUnavailable
		}
		writeReport(w, status, r)
	})
	if s.o.Profiling {
		mux.Handle("/debug/pprof/", s.guarded(http.HandlerFunc(pprof.Index)))
		mux.Handle("/debug/pprof/cmdline", s.guarded(http.HandlerFunc(pprof.Cmdline)))
		mux.Handle("/debug/pprof/profile", s.guarded(http.HandlerFunc(pprof.Profile)))
		mux.Handle("/debug/pprof/symbol", s.guarded(http.HandlerFunc(pprof.Symbol)))
		mux.Handle("/debug/pprof/trace", s.guarded(http.HandlerFunc(pprof.Trace)))
	}
	if s.o.Page != nil {
		mux.Handle("/", s.guarded(s.o.Page))
	}
	return mux
}

func writeReport(w http.ResponseWriter, status int, r Report) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	_ = enc.Encode(r) // the client went away: nobody is left to tell
}

// guarded asks for the token, or lets only this machine in if there is none.
// The host is looked at too, so that no page in a browser on this machine can
// read it through a name of its own (DNS rebinding).
func (s *Server) guarded(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(s.o.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.o.Token == "" && local(r):
			next.ServeHTTP(w, r)
		case s.o.Token == "":
			http.Error(w, "Set ops.token to see this page from another machine.", http.StatusForbidden)
		default:
			got := sha256.Sum256([]byte(presented(r)))
			if subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("WWW-Authenticate", `Basic realm="kapbot", charset="UTF-8"`)
			http.Error(w, "Send ops.token as a bearer token, or as the password in a browser.", http.StatusUnauthorized)
		}
	})
}

// presented is the token of a request: as a bearer token, or as the password
// that a browser asked for.
func presented(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

func local(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
