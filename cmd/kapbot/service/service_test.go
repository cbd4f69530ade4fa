package service

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/bot"
	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/ops"
)

// bleve starts its workers when the program starts.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

func settings() config.Config {
	c := config.Default()
	c.Store = config.NewSecret("memory")
	c.Ops.Listen = "127.0.0.1:0"
	return c
}

func ready(t *testing.T, s *Service) (ops.Report, int) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, "http://"+s.OpsAddr()+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var r ops.Report
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r, res.StatusCode
}

// TestDrainOrder holds one reply back while the service drains: it is finished, and
// acknowledged, while the adapter is still connected; health says what goes on.
func TestDrainOrder(t *testing.T) {
	var base Base
	var log book
	delivering, release := make(chan struct{}), make(chan struct{})
	settled, started, ended := make(chan engine.Outcome, 1), make(chan struct{}), make(chan struct{})
	s, err := New(t.Context(), Options{
		Config: settings(), Log: slog.New(slog.NewTextHandler(&log, nil)),
		Adapters: func(b Base) ([]Adapter, error) {
			base = b
			return []Adapter{{Name: "fake", Run: func(ctx context.Context) error {
				close(started)
				<-ctx.Done()
				close(ended)
				return nil
			}}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { s.Run(ctx); close(over) }()
	<-started
	err = base.Engine.Submit(t.Context(), engine.Event{
		Adapter: "fake", ID: "1", Conversation: "c", Message: bot.Message{Text: "What is KAP?"},
		Deliver: func(context.Context, bot.Reply) error { close(delivering); <-release; return nil },
		Settled: func(o engine.Outcome) { settled <- o },
	})
	if err != nil {
		t.Fatal(err)
	}
	<-delivering
	stop()
	for r, status := ready(t, s); ; r, status = ready(t, s) {
		if r.State == ops.Draining {
			if status != http.StatusServiceUnavailable {
				t.Errorf("status %d while draining", status)
			}
			break
		}
	}
	for !errors.Is(base.Engine.Submit(t.Context(), engine.Event{Adapter: "fake", ID: "2", Conversation: "d",
		Deliver: func(context.Context, bot.Reply) error { return nil }}), engine.ErrClosed) {
	}
	select {
	case <-ended:
		t.Error("the adapter was ended before what it had in hand")
	default:
	}
	close(release)
	if o := <-settled; o != engine.Answered {
		t.Errorf("settled as %v", o)
	}
	<-over
	<-ended
	if strings.Contains(log.String(), "cut short") {
		t.Errorf("log:\n%s", log.String())
	}
}

// TestDrainGivesUp has a reply that never arrives: the service ends in time all the same.
func TestDrainGivesUp(t *testing.T) {
	var base Base
	var log book
	delivering, settled := make(chan struct{}), make(chan engine.Outcome, 1)
	s, err := New(t.Context(), Options{
		Config: settings(), Log: slog.New(slog.NewTextHandler(&log, nil)), Drain: 200 * time.Millisecond,
		Adapters: func(b Base) ([]Adapter, error) { base = b; return nil, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { s.Run(ctx); close(over) }()
	err = base.Engine.Submit(t.Context(), engine.Event{
		Adapter: "fake", ID: "1", Conversation: "c", Message: bot.Message{Text: "What is KAP?"},
		Deliver: func(ctx context.Context, _ bot.Reply) error { close(delivering); <-ctx.Done(); return ctx.Err() },
		Settled: func(o engine.Outcome) { settled <- o },
	})
	if err != nil {
		t.Fatal(err)
	}
	<-delivering
	stop()
	<-over
	if o := <-settled; o.Acknowledge() {
		t.Errorf("settled as %v: the platform would not deliver it again", o)
	}
	if !strings.Contains(log.String(), "cut short") {
		t.Errorf("log:\n%s", log.String())
	}
}

// TestNewFails asks for what cannot be; everything that was opened is closed again.
func TestNewFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := filepath.Join(t.TempDir(), "broken.md")
	if err := os.WriteFile(broken, []byte("# no front matter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, want string
		change     func(*config.Config)
	}{
		{"a broken document", "broken.md:1: ", func(c *config.Config) { c.Documents = []string{broken} }},
		{"an unknown region", "there is no region", func(c *config.Config) { c.Region = "XX" }},
		{"no regions file", "read regions: ", func(c *config.Config) { c.Regions = "missing.toml" }},
		{"a store in no folder", "no/such", func(c *config.Config) { c.Store = config.NewSecret("sqlite:no/such/kapbot.db") }},
		{"an address that is taken", "choose another address", func(c *config.Config) { c.Ops.Listen = taken.Addr().String() }},
		{"an adapter that cannot be", "no adapter [secret]", func(c *config.Config) { c.Slack.BotToken = config.NewSecret("xoxb-canary") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := settings()
			tt.change(&c)
			_, err := New(t.Context(), Options{
				Config: c, Log: slog.New(slog.DiscardHandler),
				Adapters: func(Base) ([]Adapter, error) {
					if c.Slack.BotToken.Set() {
						return nil, errors.New("no adapter xoxb-canary")
					}
					return nil, nil
				},
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
