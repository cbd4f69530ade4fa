package slack_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot/engine"
)

// startHTTP serves an adapter in HTTP mode and returns its address.
func startHTTP(t *testing.T, change func(*slack.Options)) (*world, string) {
	t.Helper()
	w := start(t, func(o *slack.Options) {
		o.Mode, o.Listen, o.SigningSecret, o.AppToken = slack.HTTP, "127.0.0.1:0", "shh", ""
		if change != nil {
			change(o)
		}
	})
	w.eventually("ready", func() bool { return w.adapter.Healthy() == nil })
	srv := httptest.NewServer(w.adapter.Handler(t.Context()))
	t.Cleanup(srv.Close)
	return w, srv.URL
}

// post delivers with Slack's retries and returns the body of the answer.
func (w *world) post(url string, e slackfake.Envelope) string {
	w.t.Helper()
	select {
	case body, ok := <-w.fake.Post(url, e):
		if !ok {
			w.t.Fatalf("%s was never taken\nlog: %s", e.Type, w.log)
		}
		return string(body)
	case <-time.After(soon):
		w.t.Fatal("no outcome")
		return ""
	}
}

func TestHTTPRoundTrip(t *testing.T) {
	w, url := startHTTP(t, nil)
	w.post(url+"/slack/events", slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
	w.post(url+"/slack/commands", slackfake.Slash("C1", "U1", "/kap", "what is KAP?", w.fake.ResponseURL()))
	w.eventually("the command's answer", func() bool { return len(w.fake.Responses()) == 1 })
	w.post(url+"/slack/interactivity", slackfake.Press("U1", w.fake.Messages("C1")[0], "", slackfake.Fields{"action_id": "delete", "type": "button", "value": "U1"}))
	w.eventually("the answer is gone", func() bool { return len(w.fake.Messages("C1")) == 0 })
}

func TestURLVerification(t *testing.T) {
	w, url := startHTTP(t, nil)
	got := w.post(url+"/slack/events", slackfake.Envelope{Type: "events_api", Payload: []byte(`{"type":"url_verification","challenge":"abc123"}`)})
	if got != "abc123" {
		t.Errorf("answered %q", got)
	}
}

// Requests that are not Slack's, or not of now, are refused and do nothing.
func TestSignature(t *testing.T) {
	for name, c := range map[string]struct {
		at     time.Duration
		change func(*http.Request)
		want   int
	}{
		"good":           {0, nil, 200},
		"301 s old":      {-301 * time.Second, nil, 401},
		"301 s ahead":    {301 * time.Second, nil, 401},
		"no signature":   {0, func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, 401},
		"no timestamp":   {0, func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, 401},
		"another secret": {0, func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("ab", 32)) }, 401},
		"no prefix":      {0, func(r *http.Request) { r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")[3:]) }, 401},
		"no hexadecimal": {0, func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=zz") }, 401},
		"nonsense time":  {0, func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "soon") }, 401},
		"tampered body":  {0, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"type":"x"}`)); r.ContentLength = 12 }, 401},
		"body of 2 MB": {0, func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", 2<<20)))
			r.ContentLength = 2 << 20
		}, 413},
		"GET":              {0, func(r *http.Request) { r.Method = http.MethodGet }, 405},
		"empty and signed": {0, nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			w, url := startHTTP(t, nil)
			e := slackfake.Mention("C1", "U1", "what is KAP?")
			if name == "empty and signed" {
				e.Payload = nil
			}
			req, err := w.fake.Request(url+"/slack/events", e, 0, time.Now().Add(c.at))
			if err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(req)
			}
			if got := do(t, req); got != c.want {
				t.Errorf("status %d, want %d", got, c.want)
			}
			w.settled()
			want := 0
			if name == "good" {
				want = 1
			}
			if got := w.fake.Posted(); got != want {
				t.Errorf("%d messages, want %d", got, want)
			}
		})
	}
}

func do(t *testing.T, req *http.Request) int {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// The same signed request again, within the five minutes, does nothing: neither a
// question nor a button.
func TestReplayIsDropped(t *testing.T) {
	w, url := startHTTP(t, nil)
	now := time.Now()
	for name, e := range map[string]slackfake.Envelope{
		"question": slackfake.Mention("C1", "U1", "what is KAP?"),
		"home":     slackfake.HomeOpened("U1", "D1", "home"),
	} {
		for range 3 {
			req, err := w.fake.Request(url, e, 0, now)
			if err != nil {
				t.Fatal(err)
			}
			if got := do(t, req); got != 200 {
				t.Errorf("%s: status %d", name, got)
			}
		}
	}
	w.settled()
	if posts, homes := w.fake.Posted(), len(w.fake.Calls("views.publish")); posts != 1 || homes != 1 {
		t.Errorf("%d answers and %d homes, want 1 and 1", posts, homes)
	}
	if got := w.adapter.Counts().Replayed; got != 4 {
		t.Errorf("counted %d replays, want 4", got)
	}
}

// Slack's own retries, signed anew, are answered once too: by event id.
func TestRetriesAreAnsweredOnce(t *testing.T) {
	w, url := startHTTP(t, nil)
	e := slackfake.Mention("C1", "U1", "what is KAP?")
	for retry := range 4 {
		req, err := w.fake.Request(url, e, retry, time.Now().Add(time.Duration(retry)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if got := do(t, req); got != 200 {
			t.Errorf("retry %d: status %d", retry, got)
		}
	}
	w.answers("C1", 1)
}

// A retry is not dropped for being one: the first attempt may never have arrived.
func TestRetryAloneIsAnswered(t *testing.T) {
	w, url := startHTTP(t, nil)
	req, err := w.fake.Request(url, slackfake.Mention("C1", "U1", "what is KAP?"), 2, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	do(t, req)
	w.answers("C1", 1)
}

// A full queue answers 503, and Slack's retry is taken.
func TestFullQueueOverHTTP(t *testing.T) {
	h := &held{full: 1}
	w, url := startHTTP(t, func(o *slack.Options) { o.Engine = h })
	done := w.fake.Post(url, slackfake.Mention("C1", "U1", "what is KAP?"))
	w.eventually("taken", func() bool { return len(h.taken()) == 1 })
	h.taken()[0].Settled(engine.Answered)
	if _, ok := <-done; !ok {
		t.Fatal("given up")
	}
	if st := w.fake.Stats(); st.Retries != 1 {
		t.Errorf("%d retries, want 1", st.Retries)
	}
}

// Slow work is answered in time, and goes on.
func TestSlowWorkOverHTTP(t *testing.T) {
	h := &held{}
	w, url := startHTTP(t, func(o *slack.Options) { o.Engine, o.AckPatience = h, 50*time.Millisecond })
	w.post(url, slackfake.Mention("C1", "U1", "what is KAP?"))
	b, _ := theBot()
	if err := h.taken()[0].Deliver(context.Background(), b.Help()); err != nil {
		t.Fatal(err)
	}
	w.answers("C1", 1)
}
