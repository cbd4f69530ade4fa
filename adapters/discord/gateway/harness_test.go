package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/gateway"
)

// bleve, which comes along with the bot, keeps workers for the whole process.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// patience bounds every wait of a test; it is not what is tested.
const patience = 20 * time.Second

// intents are guilds, guild messages, direct messages, message content.
const intents = 1<<0 | 1<<9 | 1<<12 | 1<<15

func start(t *testing.T, cfg discordfake.Config) *discordfake.Server {
	t.Helper()
	s, err := discordfake.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// options connect to the fake with every wait shortened.
func options(s *discordfake.Server, store gateway.Store, shards int) gateway.Options {
	return gateway.Options{
		Token: s.Token(), Intents: intents, Store: store, Owner: "a",
		Info: func(context.Context) (gateway.Info, error) {
			return gateway.Info{URL: s.GatewayURL(), Shards: shards, MaxConcurrency: 1, Remaining: 1000 - s.Starts()}, nil
		},
		Lease: 300 * time.Millisecond, Hello: 200 * time.Millisecond, Ready: 300 * time.Millisecond, Ack: 50 * time.Millisecond,
		IdentifyEvery: 20 * time.Millisecond, Pause: 5 * time.Millisecond, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond,
	}
}

// listener is a client under test and what it heard.
type listener struct {
	t      *testing.T
	client *gateway.Client
	stop   context.CancelFunc
	ended  chan error

	mu      sync.Mutex
	heard   []string // contents of messages, in order
	changed chan struct{}
}

func listen(t *testing.T, o gateway.Options) *listener {
	t.Helper()
	l := &listener{t: t, ended: make(chan error, 1), changed: make(chan struct{})}
	if o.Handle == nil {
		o.Handle = l.handle
	}
	l.client = gateway.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	go func() { l.ended <- l.client.Run(ctx) }()
	t.Cleanup(l.close)
	return l
}

func (l *listener) handle(_ context.Context, e gateway.Event) error {
	if e.Type != "MESSAGE_CREATE" {
		return nil
	}
	var m struct{ Content string }
	if err := json.Unmarshal(e.Data, &m); err != nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, m.Content)
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

// close ends the client; every state must let it end within five seconds.
func (l *listener) close() {
	l.stop()
	select {
	case err, open := <-l.ended:
		if open && err != nil && !errors.Is(err, context.Canceled) {
			l.t.Errorf("Run: %v", err)
		}
	case <-time.After(5 * time.Second):
		l.t.Error("Run has not returned 5 s after its context ended")
	}
	l.ended = closed
}

var closed = func() chan error { c := make(chan error); close(c); return c }()

// waitFor waits until the text was heard.
func (l *listener) waitFor(text string) {
	l.t.Helper()
	timeout := time.After(patience)
	for {
		l.mu.Lock()
		ok, changed := slices.Contains(l.heard, text), l.changed
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			l.t.Fatalf("%q was not heard; heard %q", text, l.heard)
		}
	}
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.heard)
}

func await(t *testing.T, s *discordfake.Server, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Await(ctx, ok); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// up waits for one live connection that carries a shard.
func up(t *testing.T, s *discordfake.Server) *discordfake.Socket {
	t.Helper()
	var found *discordfake.Socket
	await(t, s, "wait for a connection", func() bool {
		for _, k := range s.Sockets() {
			if k.Shard() >= 0 && !k.Closed() {
				found = k
			}
		}
		return found != nil
	})
	return found
}
