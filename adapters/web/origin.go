package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// originAllowed reports whether a browser's page at origin may use the API: the
// page itself, or a site that the operator named.
func (s *Server) originAllowed(r *http.Request, origin string) bool {
	if slices.Contains(s.o.Origins, origin) || origin == s.o.URL && origin != "" {
		return true
	}
	_, host, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(host, r.Host)
}

// cors guards the API. A request without an Origin is no browser's, and a
// request with one must come from a site that is allowed.
func (s *Server) cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin != "" && !s.originAllowed(r, origin) {
			s.refuse(w, r, problemOrigin)
			return
		}
		if origin != "" {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		next.ServeHTTP(w, r)
	})
}

// preflight answers a browser that asks before it calls the API.
func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// formOrigin refuses forms that another site sends in a person's name. Browsers
// say where a form comes from in Sec-Fetch-Site. Those too old for that send
// only Origin, and from our own page it is "null", because the page sends no
// referrer: that says nothing, and is not held against them.
func (s *Server) formOrigin(next http.Handler) http.Handler {
	checked := s.forms.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
			r.Header.Del("Origin")
		}
		checked.ServeHTTP(w, r)
	})
}

// newFormProtection trusts the page itself and the sites that may embed it.
func (s *Server) newFormProtection() (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	for _, origin := range append([]string{s.o.URL}, s.o.Origins...) {
		if origin == "" {
			continue
		}
		if err := p.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("web: origins: %w", err)
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, problemOrigin) }))
	return p, nil
}
