package web

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Every response has every one of these headers, whatever it is.
func TestHeaders(t *testing.T) {
	alone := newServer(t, Options{})
	embedded := newServer(t, Options{
		Origins: []string{"https://clinic.example.org"}, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	})
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
	always := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Content-Security-Policy":      policy + "'none'",
		"X-Frame-Options":              "DENY",
		"Strict-Transport-Security":    "",
		"Cache-Control":                "no-store",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Set-Cookie":                   "",
		"Server":                       "",
	}
	with := func(more ...string) map[string]string {
		m := map[string]string{}
		for k, v := range always {
			m[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	asset := alone.assets.path("app.css")
	for _, tt := range []struct {
		name string
		s    *Server
		r    *http.Request
		edit func(*http.Request)
		want map[string]string
	}{
		{"home", alone, httptest.NewRequest("GET", "/", nil), nil, with("Content-Type", "text/html; charset=utf-8")},
		{"answer", alone, formRequest("/ask", nil), nil, with("Content-Type", "text/html; charset=utf-8")},
		{"not found", alone, httptest.NewRequest("GET", "/x", nil), nil, with()},
		{"topic", alone, httptest.NewRequest("GET", "/topics/research", nil), nil, with("Cache-Control", "no-cache")},
		{"asset", alone, httptest.NewRequest("GET", asset, nil), nil, with("Cache-Control", "public, max-age=31536000, immutable", "Content-Type", "text/css; charset=utf-8")},
		{"no asset", alone, httptest.NewRequest("GET", "/assets/x", nil), nil, with()},
		{"embed.js", alone, httptest.NewRequest("GET", "/embed.js", nil), nil, with("Cache-Control", "public, max-age=300", "Cross-Origin-Resource-Policy", "cross-origin")},
		{"api", alone, jsonRequest("/v1/ask", `{"q":"x"}`), nil, with("Content-Type", "application/json", "Vary", "Origin", "Access-Control-Allow-Origin", "")},
		{"api problem", alone, jsonRequest("/v1/ask", `{`), nil, with("Content-Type", "application/problem+json")},
		{"TLS", alone, httptest.NewRequest("GET", "/", nil), func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, with("Strict-Transport-Security", hsts)},
		{"TLS claimed by anyone", alone, httptest.NewRequest("GET", "/", nil), func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, with()},
		{"TLS at a proxy", embedded, httptest.NewRequest("GET", "/", nil), func(r *http.Request) {
			r.RemoteAddr = "10.1.2.3:1"
			r.Header.Set("X-Forwarded-Proto", "https")
		}, with("Strict-Transport-Security", hsts, "X-Frame-Options", "", "Content-Security-Policy", policy+"'self' https://clinic.example.org")},
		{"api from a clinic", embedded, jsonRequest("/v1/ask", `{"q":"x"}`), func(r *http.Request) { r.Header.Set("Origin", "https://clinic.example.org") }, with(
			"X-Frame-Options", "", "Content-Security-Policy", policy+"'self' https://clinic.example.org",
			"Access-Control-Allow-Origin", "https://clinic.example.org", "Access-Control-Allow-Credentials", "", "Cross-Origin-Resource-Policy", "cross-origin")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.edit != nil {
				tt.edit(tt.r)
			}
			res := do(t, tt.s.Handler(), tt.r)
			for name, want := range tt.want {
				if got := strings.Join(res.Header.Values(name), ", "); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

// Who may call from a browser, and who may not.
func TestOrigins(t *testing.T) {
	s := newServer(t, Options{URL: "https://kap.example.org", Origins: []string{"https://clinic.example.org/"}})
	api := func() *http.Request { return jsonRequest("/v1/ask", `{"q":"x"}`) }
	form := func() *http.Request { return formRequest("/ask", nil) }
	preflight := func() *http.Request { return httptest.NewRequest("OPTIONS", "/v1/ask", nil) }
	for _, tt := range []struct {
		name         string
		r            *http.Request
		origin, site string
		status       int
	}{
		{"program", api(), "", "", 200},
		{"same origin", api(), "http://example.com", "", 200},
		{"own URL", api(), "https://kap.example.org", "", 200},
		{"clinic", api(), "https://clinic.example.org", "cross-site", 200},
		{"clinic by http", api(), "http://clinic.example.org", "cross-site", 403},
		{"stranger", api(), "https://evil.example", "cross-site", 403},
		{"suffix", api(), "https://clinic.example.org.evil.example", "cross-site", 403},
		{"null", api(), "null", "cross-site", 403},
		{"clinic asks first", preflight(), "https://clinic.example.org", "cross-site", 204},
		{"stranger asks first", preflight(), "https://evil.example", "cross-site", 403},
		{"own form", form(), "null", "same-origin", 200},
		{"own form in an old browser", form(), "null", "", 200},
		{"stranger's form", form(), "https://evil.example", "cross-site", 403},
		{"stranger's form in an old browser", form(), "https://evil.example", "", 403},
		{"a sandboxed stranger's form", form(), "null", "cross-site", 403},
		{"the clinic's own form", form(), "https://clinic.example.org", "cross-site", 200},
		{"typed by hand", form(), "", "none", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.origin != "" {
				tt.r.Header.Set("Origin", tt.origin)
			}
			if tt.site != "" {
				tt.r.Header.Set("Sec-Fetch-Site", tt.site)
			}
			res := do(t, s.Handler(), tt.r)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			if allowed := res.Header.Get("Access-Control-Allow-Origin"); tt.status == 403 && allowed != "" {
				t.Errorf("refused, and allowed %q all the same", allowed)
			}
		})
	}
}

func TestClientAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.7", "192.0.2.1"}, // no proxy of ours: not believed
		{"10.0.0.1:5", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "203.0.113.9, 198.51.100.7", "198.51.100.7"}, // the left may be invented
		{"10.0.0.1:5", "198.51.100.7, 10.0.0.9", "198.51.100.7"},
		{"10.0.0.1:5", "10.0.0.8, 10.0.0.9", "10.0.0.8"},
		{"10.0.0.1:5", "nonsense", "10.0.0.1"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"[fd00::1]:5", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.0.0.1]:5", "198.51.100.7", "198.51.100.7"},
		{"@", "", "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := clientAddr(r, proxies).String(); got != tt.want {
			t.Errorf("peer %s, forwarded for %q: %s, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
	a, b := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")
	if clientKey(a) != clientKey(b) {
		t.Error("two addresses of one /64 count apart")
	}
}
