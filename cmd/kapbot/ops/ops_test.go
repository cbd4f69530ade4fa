package ops

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// bleve starts its workers when the program starts.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

func start(t *testing.T, o Options) string {
	t.Helper()
	o.Listen = "127.0.0.1:0"
	if o.Metrics == nil {
		o.Metrics = NewMetrics("test")
	}
	if o.Health == nil {
		o.Health = NewHealth()
	}
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Listen(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + s.Addr().String()
}

func get(t *testing.T, url string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestHealthAndReadiness(t *testing.T) {
	h := NewHealth()
	url := start(t, Options{Health: h})
	var storeErr error
	h.Check("store", func() error { return storeErr })

	steps := []struct {
		name    string
		do      func()
		ready   int
		reasons []string
	}{
		{"at the start", func() {}, 503, nil},
		{"no adapter yet", func() { h.Enter(Serving) }, 503, nil},
		{"one adapter up", func() { h.SetAdapter("slack", nil) }, 200, nil},
		{"another one stopped", func() { h.SetAdapter("discord", errors.New("token refused")) }, 200, []string{"token refused"}},
		{"the store is away", func() { storeErr = errors.New("disk full") }, 200, []string{"token refused", "disk full"}},
		{"the store is back", func() { storeErr = nil }, 200, []string{"token refused"}},
		{"the last adapter is not connected", func() { h.CheckAdapter("slack", func() error { return errors.New("not connected") }) }, 503, []string{"token refused", "not connected"}},
		{"and is again", func() { h.CheckAdapter("slack", func() error { return nil }) }, 200, []string{"token refused"}},
		{"draining", func() { h.Enter(Draining) }, 503, []string{"token refused"}},
	}
	for _, s := range steps {
		s.do()
		status, _ := get(t, url+"/readyz", nil)
		live, body := get(t, url+"/healthz", nil)
		if status != s.ready || live != 200 {
			t.Errorf("%s: readyz %d, healthz %d; want %d and 200", s.name, status, live, s.ready)
		}
		var r Report
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		if len(r.Troubles) != len(s.reasons) {
			t.Errorf("%s: %d reasons, want %d: %s", s.name, len(r.Troubles), len(s.reasons), body)
		}
		for _, reason := range s.reasons {
			if !strings.Contains(body, reason) {
				t.Errorf("%s: %q is not among the reasons: %s", s.name, reason, body)
			}
		}
	}
}

func TestMetrics(t *testing.T) {
	m := NewMetrics("v1.2.3")
	url := start(t, Options{Metrics: m})
	m.Handled(engine.Handled{Adapter: "slack", Outcome: engine.Answered, Kind: bot.Answer, Topic: "research", Took: 3 * time.Millisecond, TakenOver: true})
	m.Handled(engine.Handled{Adapter: "slack", Outcome: engine.Duplicate})
	m.Queued("slack", 7)
	m.Refused("slack", engine.ErrFull)
	m.Panicked("discord")
	m.StoreFailed("claim")
	m.StoreUp(false)
	m.Reloaded(errors.New("bad"), "abc")
	m.AdapterUp("slack", true)
	m.AdapterRestarted("discord")
	_, body := get(t, url+"/metrics", nil)
	for _, want := range []string{
		`kapbot_replies_total{adapter="slack",kind="answer",topic="research"} 1`,
		`kapbot_events_total{adapter="slack",outcome="duplicate"} 1`,
		`kapbot_handling_seconds_bucket{adapter="slack",le="0.005"} 1`,
		`kapbot_queue_depth{adapter="slack"} 7`,
		`kapbot_refused_total{adapter="slack",reason="full"} 1`,
		`kapbot_panics_total{adapter="discord"} 1`,
		`kapbot_takeovers_total{adapter="slack"} 1`,
		`kapbot_store_errors_total{step="claim"} 1`,
		`kapbot_store_up 0`,
		`kapbot_reloads_total{result="failed"} 1`,
		`kapbot_reload_ok 0`,
		`kapbot_documents_info{revision="abc"} 1`,
		`kapbot_adapter_up{adapter="slack"} 1`,
		`kapbot_adapter_restarts_total{adapter="discord"} 1`,
		`kapbot_build_info{version="v1.2.3"} 1`,
		`go_goroutines`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("missing %s", want)
		}
	}
}

func TestWhoMayLook(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the page") })
	open := start(t, Options{Page: page, Profiling: true})
	closed := start(t, Options{Page: page, Profiling: true, Token: "canary"})
	elsewhere := func(r *http.Request) { r.Host = "evil.example" }
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	tests := []struct {
		name   string
		url    string
		change func(*http.Request)
		want   int
	}{
		{"loopback without a token", open + "/", nil, 200},
		{"a name of someone else's", open + "/", elsewhere, 403},
		{"profiles on loopback", open + "/debug/pprof/", nil, 200},
		{"profiles under a name of someone else's", open + "/debug/pprof/cmdline", elsewhere, 403},
		{"no token", closed + "/", nil, 401},
		{"wrong token", closed + "/", bearer("wrong"), 401},
		{"token", closed + "/", bearer("canary"), 200},
		{"password", closed + "/", func(r *http.Request) { r.SetBasicAuth("me", "canary") }, 200},
		{"profiles without the token", closed + "/debug/pprof/", nil, 401},
		{"metrics need none", closed + "/metrics", nil, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := get(t, tt.url, tt.change); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	if status, _ := get(t, start(t, Options{})+"/debug/pprof/", nil); status != 404 {
		t.Errorf("profiles are served without being switched on: %d", status)
	}
}

func TestAddressTaken(t *testing.T) {
	url := start(t, Options{})
	_, err := Listen(t.Context(), Options{Listen: strings.TrimPrefix(url, "http://")})
	if err == nil || !strings.Contains(err.Error(), "ops.listen") || !strings.Contains(err.Error(), "choose another address") {
		t.Errorf("got %v", err)
	}
}
