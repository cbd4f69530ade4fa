package web

import (
	"net/http"
	"strings"
)

// contentPolicy lets the page load only its own files, run only its own script
// files, and be framed only by ancestors. There is no inline script or style.
func contentPolicy(ancestors []string) string {
	frame := "'none'"
	if len(ancestors) > 0 {
		frame = "'self' " + strings.Join(ancestors, " ")
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors " + frame
}

// hsts asks browsers to use only TLS with this host for a year.
const hsts = "max-age=31536000"

// headers sets what every response carries.
func (s *Server) headers(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", contentPolicy(s.o.Origins))
	if len(s.o.Origins) == 0 {
		h.Set("X-Frame-Options", "DENY") // for browsers that know no frame-ancestors
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if secure {
		h.Set("Strict-Transport-Security", hsts)
	}
}
