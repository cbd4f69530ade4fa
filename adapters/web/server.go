package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"
)

// Server serves the page and the API. Its methods may be called concurrently.
type Server struct {
	o       Options
	bot     Bot
	tokens  sealer
	limits  *limiter
	forms   *http.CrossOriginProtection
	assets  *assets
	pages   *pages
	cert    *certificate // nil unless TLS comes from files
	handler http.Handler
}

// New checks the options and prepares everything that can be prepared.
func New(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, bot: o.Bot}
	if s.tokens, err = newSealer(o.Key); err != nil {
		return nil, err
	}
	if s.limits, err = newLimiter(o.Limits); err != nil {
		return nil, err
	}
	if s.forms, err = s.newFormProtection(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(o.Origins, o.Bot.Words()); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(s.assets); err != nil {
		return nil, err
	}
	if o.TLS.Cert != "" {
		s.cert, err = newCertificate(o.TLS.Cert, o.TLS.Key, o.Now, func(err error) {
			o.Log.Error("the certificate could not be read again; the old one stays in use", "err", err)
		})
		if err != nil {
			return nil, err
		}
	}
	s.handler = s.routes()
	return s, nil
}

// Handler serves everything, without the limits that only a listener can keep.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern string, h http.HandlerFunc) {
		mux.Handle(pattern, s.guard(pattern, s.share(s.formOrigin(h))))
	}
	page("GET /{$}", s.getHome)
	page("GET /ask", s.getAsk)
	page("POST /rate", s.postRate)
	page("GET /topics", s.getTopics)
	page("GET /topics/{id...}", s.getTopic)
	page("GET /evidence", s.getEvidence)
	page("POST /evidence", s.postEvidence)
	page("GET /checklist", s.getChecklist)
	page("GET /assets/{name}", s.assets.serve)
	page("GET /embed.js", s.assets.serveEmbed)
	page("/", s.notFound)

	api := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, s.guard(pattern, s.share(s.cors(h)))) }
	api("GET /v1/topics", s.apiTopics)
	api("GET /v1/topics/{id...}", s.apiTopic)
	api("POST /v1/ratings", s.apiRate)
	api("GET /v1/openapi.json", s.apiDocument)
	api("/v1/", s.apiUnknown)

	// A question is read before its address's share is looked at: someone in
	// danger is answered over it.
	mux.Handle("POST /ask", s.guard("POST /ask", s.formOrigin(http.HandlerFunc(s.postAsk))))
	mux.Handle("POST /v1/ask", s.guard("POST /v1/ask", s.cors(http.HandlerFunc(s.apiAsk))))
	return mux
}

// Run listens until ctx ends, then finishes what is in hand. It returns nil if
// it was asked to end and could.
func (s *Server) Run(ctx context.Context) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", s.o.Listen)
	if err != nil {
		return fmt.Errorf("web: listen: %w", err)
	}
	return s.Serve(ctx, ln)
}

// Serve is Run on a listener that the caller opened. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: s.o.Times.Header,
		ReadTimeout:       s.o.Times.Read,
		WriteTimeout:      s.o.Times.Write,
		IdleTimeout:       s.o.Times.Idle,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          faultLog(s.o.Log),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	s.o.Ready(ln.Addr().String())
	ln = newListener(ln, s.o.Limits, s.o.Proxies)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		err := s.serve(srv, ln)
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return fmt.Errorf("web: serve: %w", err)
	})
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.o.Times.Drain)
		defer cancel()
		if err := srv.Shutdown(end); err != nil {
			_ = srv.Close() // what is still open is a client that will not finish
			return fmt.Errorf("web: drain: %w", err)
		}
		return nil
	})
	return g.Wait()
}

func (s *Server) serve(srv *http.Server, ln net.Listener) error {
	t := s.o.TLS
	switch {
	case s.cert != nil:
		srv.TLSConfig = &tls.Config{GetCertificate: s.cert.get, MinVersion: tls.VersionTLS12}
		return srv.ServeTLS(ln, "", "")
	case len(t.Hosts) > 0:
		m := &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			HostPolicy: autocert.HostWhitelist(t.Hosts...),
			Cache:      autocert.DirCache(t.Cache),
		}
		srv.TLSConfig = m.TLSConfig() // answers the authority on the same port (TLS-ALPN-01)
		return srv.ServeTLS(ln, "", "")
	default:
		return srv.Serve(ln)
	}
}
