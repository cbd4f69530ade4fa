package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type message struct {
	Content string `json:"content"`
	Nonce   string `json:"nonce,omitempty"`
	Enforce bool   `json:"enforce_nonce,omitempty"`
}

func start(t *testing.T) (*discordfake.Server, *rest.Client, *discordfake.Channel) {
	t.Helper()
	s, err := discordfake.Start(discordfake.Config{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := rest.New(rest.Options{Token: s.Token(), URL: s.APIURL(), Attempt: 300 * time.Millisecond, BackoffMin: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); s.Close() })
	return s, c, s.DM(s.NewUser("ann"))
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func post(ch *discordfake.Channel, text string) rest.Request {
	return rest.Request{Method: "POST", Path: "channels/" + ch.ID + "/messages", Body: message{Content: text, Nonce: "n", Enforce: true}, Repeatable: true}
}

// A post meets each fault and is there once.
func TestPostedOnceThroughEachFault(t *testing.T) {
	part := "/messages"
	faults := map[string]discordfake.Fault{
		"429 of the route":     discordfake.TooMany(part, "user", "0.1"),
		"429 shared":           discordfake.TooMany(part, "shared", "0.1"),
		"429 global":           discordfake.TooMany(part, "global", "0.1"),
		"429 of Cloudflare":    discordfake.Cloudflare(part, "0.1"),
		"429 without a header": {Path: part, Status: 429, Body: "not json"},
		"500":                  {Path: part, Status: 500},
		"502":                  {Path: part, Status: 502, Body: "<html>"},
		"503":                  {Path: part, Status: 503},
		"504 after the work":   {Path: part, Status: 504, After: true},
		"cut after the work":   {Path: part, Cut: true, After: true},
		"hangs":                {Path: part, Hang: true},
		"hangs after the work": {Path: part, Hang: true, After: true},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s, c, ch := start(t)
			s.Fail(fault)
			if err := c.Do(within(t, 10*time.Second), post(ch, "hello"), nil); err != nil {
				t.Fatal(err)
			}
			if got := s.Messages(ch.ID); len(got) != 1 {
				t.Errorf("%d messages are there, want 1", len(got))
			}
		})
	}
}

// What is not safe to repeat is sent once when nobody knows what became of it.
func TestNotRepeatedBlindly(t *testing.T) {
	s, c, ch := start(t)
	s.Fail(discordfake.Fault{Path: "/messages", Status: 503, After: true, Times: -1})
	r := post(ch, "hello")
	r.Repeatable = false
	err := c.Do(within(t, 5*time.Second), r, nil)
	var failed *rest.Error
	if !errors.As(err, &failed) || failed.Status != 503 {
		t.Errorf("got %v, want a 503", err)
	}
	if n := len(s.Requests("POST", "/messages")); n != 1 {
		t.Errorf("sent %d times, want 1", n)
	}
}

// A limit that outlasts the context fails at once and says how long.
func TestLimitLongerThanContext(t *testing.T) {
	s, c, ch := start(t)
	s.Fail(discordfake.TooMany("/messages", "user", "60"))
	ctx := within(t, 5*time.Second)
	for range 2 {
		var limited *rest.LimitedError
		if err := c.Do(ctx, post(ch, "hello"), nil); !errors.As(err, &limited) || limited.Wait < 50*time.Second {
			t.Errorf("got %v, want a limit of a minute", err)
		}
	}
	if n := len(s.Requests("POST", "/messages")); n != 1 {
		t.Errorf("sent %d times in spite of the limit", n)
	}
	if ctx.Err() != nil {
		t.Error("waited until the context ended")
	}
}

// A context that is cancelled ends the wait for a limit.
func TestCancelEndsWait(t *testing.T) {
	s, c, ch := start(t)
	s.Fail(discordfake.TooMany("/messages", "user", "60"))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Do(ctx, post(ch, "hello"), nil) }()
	if err := s.Await(within(t, 5*time.Second), func() bool { return len(s.Requests("POST", "")) == 1 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A global limit stops every other route, but not an interaction's answer;
// Cloudflare's stops that too.
func TestWhoIsStopped(t *testing.T) {
	for _, c := range []struct {
		name        string
		fault       discordfake.Fault
		others      bool // other routes are stopped
		interaction bool // interactions are stopped
	}{
		{"route", discordfake.TooMany("/messages", "user", "30"), false, false},
		{"global", discordfake.TooMany("/messages", "global", "30"), true, false},
		{"cloudflare", discordfake.Cloudflare("/messages", "30"), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, client, ch := start(t)
			s.Fail(c.fault)
			client.Do(within(t, time.Second), post(ch, "hello"), nil)
			var limited *rest.LimitedError
			err := client.Do(within(t, time.Second), rest.Request{Method: "GET", Path: "users/@me"}, nil)
			if errors.As(err, &limited) != c.others {
				t.Errorf("another route: %v", err)
			}
			id := s.Command(discordfake.Use{User: s.NewUser("bob"), Channel: ch}, "kap")
			err = client.Do(within(t, time.Second), rest.Request{Method: "POST", Path: "interactions/" + id + "/token-" + id + "/callback",
				Body: map[string]any{"type": 4, "data": message{Content: "x"}}}, nil)
			if errors.As(err, &limited) != c.interaction {
				t.Errorf("an interaction: %v", err)
			}
		})
	}
}

// After a 401 nothing more is sent.
func TestRefusedTokenStopsEverything(t *testing.T) {
	s, c, _ := start(t)
	s.Fail(discordfake.Fault{Path: "/users/@me", Status: 401, Body: `{"message":"401: Unauthorized","code":0}`})
	for range 3 {
		err := c.Do(within(t, time.Second), rest.Request{Method: "GET", Path: "users/@me"}, nil)
		var failed *rest.Error
		if !errors.As(err, &failed) || !failed.Refused() {
			t.Errorf("got %v, want it refused", err)
		}
	}
	if n := len(s.Requests("GET", "/users/@me")); n != 1 {
		t.Errorf("%d requests were sent with a token that is refused", n)
	}
}

// Errors may be logged: they hold no token of an interaction and nothing that was sent.
func TestErrorsHoldNoSecret(t *testing.T) {
	s, c, ch := start(t)
	s.Fail(discordfake.Fault{Path: "/callback", Cut: true}, discordfake.Fault{Path: "/callback", Status: 400, Body: `{"message":"private words","code":50035}`},
		discordfake.Fault{Path: "/callback", Hang: true}, discordfake.Fault{Path: "/callback", Status: 302})
	id := s.Command(discordfake.Use{User: s.NewUser("bob"), Channel: ch}, "kap")
	for range 4 {
		err := c.Do(within(t, time.Second), rest.Request{Method: "POST", Path: "interactions/" + id + "/token-" + id + "/callback",
			Body: message{Content: "private words"}}, nil)
		if err == nil {
			t.Fatal("no error")
		}
		for _, secret := range []string{"token-", "private", s.Token()} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%q is in %q", secret, err)
			}
		}
	}
}

// Posts to one channel do not queue behind each other.
func TestPostsRunSideBySide(t *testing.T) {
	s, c, ch := start(t)
	s.Fail(discordfake.Fault{Path: "/messages", Hang: true})
	slow := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		r := post(ch, "slow")
		r.Repeatable = false
		slow <- c.Do(ctx, r, nil)
	}()
	for len(s.Requests("POST", "")) == 0 && len(s.Messages(ch.ID)) == 0 {
		if err := c.Do(within(t, time.Second), post(ch, "quick"), nil); err != nil {
			break
		}
	}
	cancel()
	<-slow
	if got := s.Messages(ch.ID); len(got) == 0 {
		t.Error("a post waited for one that hangs")
	}
}

// discordgo alone reports Cloudflare's 429 as a fault of JSON, so nobody waits.
func TestPlainDiscordgoMisreadsCloudflare(t *testing.T) {
	s, _, ch := start(t)
	s.Fail(discordfake.Cloudflare("/messages", "1"))
	d, err := discordgo.New("Bot " + s.Token())
	if err != nil {
		t.Fatal(err)
	}
	d.Client.Transport = toFake(s.APIURL())
	d.LogLevel = -1
	defer d.Client.CloseIdleConnections()
	_, err = d.ChannelMessageSend(ch.ID, "hello")
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("discordgo returned %v: look whether our defence is still needed", err)
	}
}

type toFake string

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(string(f))
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, base.Host
	r.Close = true
	return http.DefaultTransport.RoundTrip(r)
}
