package web

import (
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

// formOrigin refuses forms that another site sends in a person's name.
// Browsers say where a form comes from in Sec-Fetch-Site; the Origin of a form
// on our own page is "null", because it sends no referrer, and says nothing.
func (s *Server) formOrigin(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next(w, r)
			return
		}
		site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
		foreign := site == "cross-site" || site == "same-site"
		if site == "" && origin != "" && origin != "null" {
			foreign = !s.originAllowed(r, origin)
		}
		if foreign && !slices.Contains(s.o.Origins, origin) {
			s.refuse(w, r, problemOrigin)
			return
		}
		next(w, r)
	})
}
