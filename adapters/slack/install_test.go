package slack_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot/engine"
)

// installable serves an adapter without a bot token.
func installable(t *testing.T) (*world, *httptest.Server, *engine.Memory) {
	t.Helper()
	store := engine.NewMemory()
	var srv *httptest.Server
	in := &slack.Install{ClientID: "cid", ClientSecret: "hush", Key: bytes.Repeat([]byte{7}, 32), Settings: store, AuthorizeURL: "https://slack.example/authorize"}
	w := start(t, func(o *slack.Options) {
		o.Mode, o.Listen, o.SigningSecret, o.AppToken, o.BotToken = slack.HTTP, "127.0.0.1:0", "shh", "", ""
		o.Install = in
	})
	srv = httptest.NewServer(w.adapter.Handler(t.Context()))
	t.Cleanup(srv.Close)
	return w, srv, store
}

// browser keeps cookies and follows no redirect.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

// install goes the way of an admin and returns the status of the last page.
func install(t *testing.T, c *http.Client, base, code string) int {
	t.Helper()
	status, to := get(t, c, base+"/slack/install")
	if status != http.StatusFound {
		t.Fatalf("status %d", status)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	status, _ = get(t, c, base+"/slack/oauth?code="+code+"&state="+url.QueryEscape(u.Query().Get("state")))
	return status
}

func TestInstallAskAndUninstall(t *testing.T) {
	w, srv, store := installable(t)
	if status := install(t, browser(t), srv.URL, "CLINIC"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	sealed, err := store.Setting(context.Background(), "slack/install", "TCLINIC")
	if err != nil || bytes.Contains(sealed, []byte("xoxb")) {
		t.Fatalf("kept %q, %v: the token must be there, encrypted", sealed, err)
	}
	in := func(e slackfake.Envelope) slackfake.Envelope {
		return altered(e, func(p, _ map[string]any) { p["team_id"] = "TCLINIC"; delete(p, "authorizations") })
	}
	w.post(srv.URL, in(slackfake.Mention("C1", "U1", "what is KAP?")))
	w.answers("C1", 1)
	w.post(srv.URL, in(slackfake.Event("TCLINIC", slackfake.Fields{"type": "app_uninstalled"})))
	w.eventually("the token is gone", func() bool {
		_, err := store.Setting(context.Background(), "slack/install", "TCLINIC")
		return errors.Is(err, engine.ErrNoSetting)
	})
	w.post(srv.URL, in(slackfake.Mention("C2", "U1", "what is KAP?"))) // acknowledged, not answered
	w.settled()
	w.answers("C2", 0)
}

// An installation is found again by another process, and with another key is not.
func TestInstallationAtRest(t *testing.T) {
	w, srv, store := installable(t)
	install(t, browser(t), srv.URL, "CLINIC")
	e := altered(slackfake.Mention("C1", "U1", "what is KAP?"), func(p, _ map[string]any) { p["team_id"] = "TCLINIC"; delete(p, "authorizations") })
	for name, c := range map[string]struct {
		key  byte
		want int
	}{"same key": {7, 200}, "another key": {8, 503}} {
		o := scaled(t, w.fake, w.engine)
		o.Mode, o.Listen, o.SigningSecret, o.AppToken, o.BotToken = slack.HTTP, "127.0.0.1:0", "shh", "", ""
		o.Install = &slack.Install{ClientID: "cid", ClientSecret: "hush", Key: bytes.Repeat([]byte{c.key}, 32), Settings: store}
		a, err := slack.New(o)
		if err != nil {
			t.Fatal(err)
		}
		other := httptest.NewServer(a.Handler(t.Context()))
		req, err := w.fake.Request(other.URL, e, 0, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := do(t, req); got != c.want {
			t.Errorf("%s: status %d, want %d", name, got, c.want)
		}
		other.Close()
	}
}

// The way back from Slack is for the browser that began it, once, and soon.
func TestInstallState(t *testing.T) {
	_, srv, _ := installable(t)
	honest := browser(t)
	_, to := get(t, honest, srv.URL+"/slack/install")
	u, _ := url.Parse(to)
	state := url.QueryEscape(u.Query().Get("state"))
	for name, c := range map[string]struct {
		client  *http.Client
		address string
	}{
		"another browser": {browser(t), "/slack/oauth?code=X&state=" + state},
		"no state":        {honest, "/slack/oauth?code=X"},
		"made-up state":   {honest, "/slack/oauth?code=X&state=abc"},
	} {
		if status, _ := get(t, c.client, srv.URL+c.address); status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", name, status)
		}
	}
	if u.Query().Get("scope") == "" || !strings.Contains(to, "client_id=cid") || strings.Contains(to, "hush") {
		t.Errorf("sent to %s", to)
	}
}

// Slack that refuses the code says so, and keeps nothing.
func TestInstallRefusedBySlack(t *testing.T) {
	w, srv, _ := installable(t)
	w.fake.Fail("oauth.v2.access", slackfake.Fault{Error: "invalid_code"})
	if status := install(t, browser(t), srv.URL, "CLINIC"); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
}

// A rotated token that is about to end is renewed before it is used, once.
func TestTokenRotation(t *testing.T) {
	w, srv, store := installable(t)
	w.fake.Rotate(1) // seconds that the first token lives
	install(t, browser(t), srv.URL, "CLINIC")
	before, _ := store.Setting(context.Background(), "slack/install", "TCLINIC")
	for range 3 {
		w.post(srv.URL, altered(slackfake.Mention("C1", "U1", "what is KAP?"), func(p, _ map[string]any) { p["team_id"] = "TCLINIC"; delete(p, "authorizations") }))
	}
	w.answers("C1", 3)
	after, _ := store.Setting(context.Background(), "slack/install", "TCLINIC")
	if bytes.Equal(before, after) {
		t.Error("the renewed token was not kept")
	}
	renewals := 0
	for _, c := range w.fake.Calls("oauth.v2.access") {
		if c.Args["grant_type"] == "refresh_token" {
			renewals++
		}
	}
	if renewals != 1 {
		t.Errorf("renewed %d times, want 1", renewals)
	}
}

// One workspace for which Slack does not answer delays no other.
func TestSlowWorkspaceDelaysNoOther(t *testing.T) {
	w, srv, _ := installable(t)
	install(t, browser(t), srv.URL, "SLOW")
	install(t, browser(t), srv.URL, "QUICK")
	of := func(team, channel string) slackfake.Envelope {
		return altered(slackfake.Mention(channel, "U1", "what is KAP?"), func(p, _ map[string]any) { p["team_id"] = team; delete(p, "authorizations") })
	}
	w.fake.Fail("chat.postMessage", slackfake.Fault{Hang: time.Minute})
	slow := w.fake.Post(srv.URL, of("TSLOW", "C1"))
	w.eventually("the post that hangs", func() bool { return len(w.fake.Calls("chat.postMessage")) == 1 })
	w.post(srv.URL, of("TQUICK", "C2"))
	w.answers("C2", 1)
	w.answers("C1", 0)
	<-slow
	w.answers("C1", 1)
}

// An organisation-wide install serves all workspaces of the organisation.
func TestEnterpriseGrid(t *testing.T) {
	w, srv, _ := installable(t)
	w.fake.Grid("E1")
	install(t, browser(t), srv.URL, "ANY")
	for _, team := range []string{"TA", "TB"} {
		w.post(srv.URL, altered(slackfake.Mention("C"+team, "U1", "what is KAP?"), func(p, _ map[string]any) {
			p["team_id"], p["enterprise_id"] = team, "E1"
			p["authorizations"] = []map[string]any{{"enterprise_id": "E1", "team_id": team, "is_enterprise_install": true}}
		}))
		w.answers("C"+team, 1)
	}
}
