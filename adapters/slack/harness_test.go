package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot"
	"kapbot/bot/engine"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if b, err := theBot(); err == nil {
		_ = b.Close()
	}
	// bleve keeps its analysis workers for the life of the process.
	if err := goleak.Find(goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker")); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// soon is how long a test waits for what should happen at once. It is a bound on
// a hang, not a measure.
const soon = 20 * time.Second

var theBot = sync.OnceValues(func() (*bot.Bot, error) { return bot.New(context.Background(), bot.Options{}) })

// world is a fake Slack, an engine and an adapter that runs.
type world struct {
	t       *testing.T
	fake    *slackfake.Server
	engine  *engine.Engine
	adapter *slack.Adapter
	log     *safeBuffer
	stop    func() error
}

// safeBuffer collects a log from many goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// quick scales the fake: retries after moments instead of minutes.
func quick() slackfake.Options {
	return slackfake.Options{
		AckWithin: 2 * time.Second, Retries: []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond},
		PingEvery: 50 * time.Millisecond, SigningSecret: "shh",
	}
}

// scaled are the adapter's options against a fake.
func scaled(t *testing.T, fake *slackfake.Server, e slack.Engine) slack.Options {
	t.Helper()
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	return slack.Options{
		Bot: b, Engine: e, BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: fake.APIURL(),
		AckPatience: time.Second, StatusAfter: time.Hour, Timeout: 2 * time.Second,
		PingEvery: 100 * time.Millisecond, Silence: time.Second,
		ReconnectFirst: time.Millisecond, ReconnectLongest: 20 * time.Millisecond, ReconnectSteady: 50 * time.Millisecond,
		RetryFirst: time.Millisecond, RetryLongest: 5 * time.Millisecond,
		Again: []time.Duration{time.Millisecond, 10 * time.Millisecond},
	}
}

func engineOptions() engine.Options {
	return engine.Options{
		PersonRate: engine.Rate{PerMinute: 1e9, Burst: 1e9}, ChannelRate: engine.Rate{PerMinute: 1e9, Burst: 1e9}, Lease: time.Second,
	}
}

// start runs an adapter against a fresh fake. change may alter its options.
func start(t *testing.T, change func(*slack.Options)) *world {
	t.Helper()
	fake := slackfake.New(quick())
	t.Cleanup(fake.Close)
	return startOn(t, fake, engineOptions(), change)
}

func startOn(t *testing.T, fake *slackfake.Server, eo engine.Options, change func(*slack.Options)) *world {
	t.Helper()
	return startWith(t, fake, engine.NewMemory(), eo, change)
}

// replica runs an adapter with an engine of its own on a store that others use too.
func replica(t *testing.T, fake *slackfake.Server, store engine.Store) *world {
	t.Helper()
	return startWith(t, fake, store, engineOptions(), nil)
}

func startWith(t *testing.T, fake *slackfake.Server, store engine.Store, eo engine.Options, change func(*slack.Options)) *world {
	t.Helper()
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, fake: fake, engine: engine.New(b, store, eo), log: &safeBuffer{}}
	o := scaled(t, fake, w.engine)
	o.Log = slog.New(slog.NewTextHandler(w.log, nil))
	if change != nil {
		change(&o)
	}
	if w.adapter, err = slack.New(o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.adapter.Run(ctx) }()
	w.stop = sync.OnceValue(func() error {
		cancel()
		var err error
		select {
		case err = <-done:
		case <-time.After(soon):
			t.Error("Run did not return after its context ended")
		}
		drain, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		if err := w.engine.Drain(drain); err != nil {
			t.Errorf("drain: %v", err)
		}
		return err
	})
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
		w.everyBodyHasTheDisclaimer()
		if log := w.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "refused the blocks") {
			t.Errorf("log: %s", log)
		}
	})
	if o.Mode != slack.HTTP {
		want := o.Connections
		if want == 0 {
			want = 2
		}
		w.eventually("sockets open", func() bool { return w.adapter.Connected() == want && len(w.fake.Sockets()) >= want })
	}
	return w
}

// eventually waits until something happened.
func (w *world) eventually(what string, ready func() bool) {
	w.t.Helper()
	deadline := time.Now().Add(soon)
	for !w.fake.Wait(10*time.Millisecond, ready) {
		if time.Now().After(deadline) {
			w.t.Fatalf("never: %s\nlog: %s", what, w.log)
		}
	}
}

// deliver sends an envelope and waits for its acknowledgement.
func (w *world) deliver(e slackfake.Envelope) slackfake.Ack {
	w.t.Helper()
	select {
	case ack, ok := <-w.fake.Deliver(e):
		if !ok {
			w.t.Fatalf("%s was never acknowledged\nlog: %s", e.Type, w.log)
		}
		return ack
	case <-time.After(soon):
		w.t.Fatalf("no outcome for %s", e.Type)
		return slackfake.Ack{}
	}
}

// answers waits for n messages of the bot in a channel and returns them. More than
// n fails the test.
func (w *world) answers(channel string, n int) []slackfake.Message {
	w.t.Helper()
	w.eventually(fmt.Sprintf("%d answers in %s", n, channel), func() bool { return len(w.fake.Messages(channel)) >= n })
	got := w.fake.Messages(channel)
	if len(got) != n {
		w.t.Fatalf("%d answers in %s, want %d", len(got), channel, n)
	}
	return got
}

// everyBodyHasTheDisclaimer looks at all that left in the test, of whatever kind.
func (w *world) everyBodyHasTheDisclaimer() {
	w.t.Helper()
	want := disclaimer(w.t)
	for _, c := range append(w.fake.Calls(""), w.fake.Responses()...) {
		switch {
		case c.Method == "chat.delete", c.Args["delete_original"] == "true":
		case strings.HasPrefix(c.Method, "chat."), strings.HasPrefix(c.Method, "/response/"):
			if !strings.HasSuffix(c.Args["text"], want) || (c.Args["blocks"] != "[]" && !strings.Contains(c.Args["blocks"], want)) {
				w.t.Errorf("%s without the disclaimer: %s", c.Method, c.Raw)
			}
		case strings.HasPrefix(c.Method, "views."):
			if !strings.Contains(c.Args["view"], want) {
				w.t.Errorf("%s without the disclaimer: %s", c.Method, c.Raw)
			}
		}
	}
}

// settled stops the adapter, so that nothing more can come.
func (w *world) settled() {
	w.t.Helper()
	if err := w.stop(); err != nil {
		w.t.Errorf("Run: %v", err)
	}
}

func disclaimer(t *testing.T) string {
	t.Helper()
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	return b.Words().Disclaimer
}
