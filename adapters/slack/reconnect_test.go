package slack_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
)

type slackOptions = slack.Options

// Whatever ends the sockets, new ones come and the next question is answered once.
func TestReconnects(t *testing.T) {
	each := func(f func(*slackfake.Socket)) func(*slackfake.Server) {
		return func(s *slackfake.Server) {
			for _, c := range s.Sockets() {
				f(c)
			}
		}
	}
	for name, fault := range map[string]func(*slackfake.Server){
		"reset":                     each(func(c *slackfake.Socket) { c.Reset() }),
		"close 1000":                each(func(c *slackfake.Socket) { c.CloseWith(1000) }),
		"close 1001":                each(func(c *slackfake.Socket) { c.CloseWith(1001) }),
		"disconnect warning":        each(func(c *slackfake.Socket) { c.Disconnect("warning") }),
		"disconnect refresh":        each(func(c *slackfake.Socket) { c.Disconnect("refresh_requested") }),
		"disconnect link disabled":  each(func(c *slackfake.Socket) { c.Disconnect("link_disabled") }),
		"disconnect too many":       each(func(c *slackfake.Socket) { c.Disconnect("too_many_websockets") }),
		"black hole":                each(func(c *slackfake.Socket) { c.GoDark() }),
		"stream of unusable frames": each(func(c *slackfake.Socket) { flood(c, "") }),
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, nil)
			before := w.fake.Sockets()
			fault(w.fake)
			w.eventually("new sockets", func() bool {
				for _, old := range before {
					if !old.Gone() {
						return false
					}
				}
				return w.adapter.Connected() == 2 && len(w.fake.Sockets()) == 2
			})
			w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
			w.answers("C1", 1)
		})
	}
}

func flood(c *slackfake.Socket, frame string) {
	for range 20 {
		_ = c.Send(frame)
	}
}

// A socket without a byte is given up, whether Slack ever said hello on it or not.
func TestSilentSocket(t *testing.T) {
	for name, script := range map[string]slackfake.Script{
		"no hello": {NoHello: true, NoPing: true},
		"dark":     {BlackHole: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, func(o *slackOptions) { o.Silence = 200 * time.Millisecond })
			w.fake.Play(script)
			opens := w.fake.Opens()
			for _, c := range w.fake.Sockets() {
				c.Reset()
			}
			w.eventually("tries", func() bool { return w.fake.Opens() >= opens+4 })
			w.fake.Play(slackfake.Script{})
			w.eventually("sockets again", func() bool { return w.adapter.Connected() == 2 })
			w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
		})
	}
}

// Slack that never pings is fine as long as it answers our own pings.
func TestServerThatNeverPings(t *testing.T) {
	w := start(t, func(o *slackOptions) { o.Silence = 300 * time.Millisecond })
	w.fake.Play(slackfake.Script{NoPing: true})
	opens := w.fake.Opens()
	for _, c := range w.fake.Sockets() {
		c.Reset()
	}
	w.eventually("sockets again", func() bool { return w.fake.Opens() == opens+2 && w.adapter.Connected() == 2 })
	opens += 2
	if w.fake.Wait(time.Second, func() bool { return w.fake.Opens() > opens }) {
		t.Error("a healthy socket was given up because Slack sent no ping")
	}
}

// A server that accepts sockets and drops them is not stormed. slack-go alone made
// a thousand calls a second.
func TestAcceptThenDropIsPaced(t *testing.T) {
	w := start(t, func(o *slackOptions) {
		o.ReconnectFirst, o.ReconnectLongest, o.ReconnectSteady = 10*time.Millisecond, 100*time.Millisecond, time.Minute
	})
	w.fake.Play(slackfake.Script{Drop: true})
	opens := w.fake.Opens()
	for _, c := range w.fake.Sockets() {
		c.Reset()
	}
	w.fake.Wait(time.Second, func() bool { return false })
	// Two sockets that each wait 50 ms or more once their waits have grown.
	if storm := w.fake.Opens() - opens; storm > 80 {
		t.Errorf("%d calls of apps.connections.open in a second", storm)
	}
	w.fake.Play(slackfake.Script{})
	w.eventually("sockets again", func() bool { return w.adapter.Connected() == 2 })
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
}

func TestOpenFailsForAWhile(t *testing.T) {
	for name, faults := range map[string][]slackfake.Fault{
		"500":                     {{Status: 500}, {Status: 503, Body: "<html>busy</html>"}, {Status: 500}, {Status: 502}},
		"429":                     {slackfake.RateLimited("0"), slackfake.RateLimited(""), slackfake.RateLimited("soon")},
		"internal_error":          {{Error: "internal_error"}, {Error: "fatal_error"}},
		"not JSON":                {{Body: "<html></html>"}},
		"404":                     {{Status: http.StatusNotFound}},
		"hang":                    {{Hang: time.Minute}},
		"a token that looks late": {{Error: "token_expired"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, func(o *slackOptions) { o.Timeout = 300 * time.Millisecond })
			w.fake.Fail("apps.connections.open", faults...)
			for _, c := range w.fake.Sockets() {
				c.Reset()
			}
			w.eventually("sockets again", func() bool { return w.adapter.Connected() == 2 && len(w.fake.Sockets()) == 2 })
			w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
		})
	}
}

// Tokens that Slack refuses end Run with a way out, and without the token.
func TestRefusedTokens(t *testing.T) {
	for name, c := range map[string]struct {
		method, reason string
		want           error
	}{
		"app token":      {"apps.connections.open", "invalid_auth", &slack.TokenError{}},
		"app token kind": {"apps.connections.open", "not_allowed_token_type", &slack.TokenError{}},
		"bot token":      {"auth.test", "token_revoked", &slack.BotTokenError{}},
	} {
		t.Run(name, func(t *testing.T) {
			fake := slackfake.New(quick())
			defer fake.Close()
			fake.Fail(c.method, slackfake.Fault{Error: c.reason}, slackfake.Fault{Error: c.reason})
			a, err := slack.New(scaled(t, fake, nobody{}))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), soon)
			defer cancel()
			err = a.Run(ctx)
			var app *slack.TokenError
			var token *slack.BotTokenError
			if !errors.As(err, &app) && !errors.As(err, &token) {
				t.Fatalf("Run returned %v", err)
			}
			if !strings.Contains(err.Error(), c.reason) || strings.Contains(err.Error(), "xapp-1") || strings.Contains(err.Error(), "xoxb-1") {
				t.Errorf("error says %q", err)
			}
		})
	}
}

// auth.test that fails for a while delays the start, nothing more.
func TestStartsWhenSlackIsAway(t *testing.T) {
	fake := slackfake.New(quick())
	t.Cleanup(fake.Close)
	fake.Fail("auth.test", slackfake.Fault{Status: 503}, slackfake.RateLimited("0"), slackfake.Fault{Error: "internal_error"})
	w := startOn(t, fake, engineOptions(), nil)
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
}

// Run comes back from every state when its context ends.
func TestStopsInEveryState(t *testing.T) {
	for name, script := range map[string]slackfake.Script{
		"healthy": {}, "no hello": {NoHello: true}, "black hole": {BlackHole: true}, "dropping": {Drop: true}, "open hangs": {OpenDelay: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, nil)
			w.fake.Play(script)
			opens := w.fake.Opens()
			for _, c := range w.fake.Sockets() {
				c.Reset()
			}
			w.eventually("a try", func() bool { return w.fake.Opens() > opens })
			if err := w.stop(); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

// A Slack that forgets its hello but delivers is good enough.
func TestEventsWithoutHello(t *testing.T) {
	w := start(t, func(o *slackOptions) { o.Connections = 1 })
	w.fake.Play(slackfake.Script{NoHello: true})
	old := w.fake.Sockets()[0]
	old.Reset()
	w.eventually("a socket", func() bool { s := w.fake.Sockets(); return len(s) == 1 && s[0] != old })
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
	if w.adapter.Connected() != 1 {
		t.Error("the socket does not count as open")
	}
}
