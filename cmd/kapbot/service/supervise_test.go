package service

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/ops"
)

type refusal struct{}

func (refusal) Error() string { return "token revoked; make a new one" }
func (refusal) Refused() bool { return true }

// book is a log that a test can read while it is written.
type book struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newSupervisor(w *book) supervisor {
	return supervisor{
		log: slog.New(slog.NewTextHandler(w, nil)), hide: newScrubber([]string{"xoxb-canary"}),
		health: ops.NewHealth(), metrics: ops.NewMetrics("test"),
	}
}

func TestAdapterIsStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log book
		s := newSupervisor(&log)
		ctx, cancel := context.WithCancel(t.Context())
		var starts []time.Time
		failing := Adapter{Name: "slack", Run: func(ctx context.Context) error {
			starts = append(starts, time.Now())
			switch len(starts) {
			case 1:
				panic("my name is Canary")
			case 2:
				return nil
			case 3:
				return errors.New("dial: Bearer xoxb-canary refused")
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		var steadyEnded atomic.Bool
		well := Adapter{Name: "web", Run: func(ctx context.Context) error { <-ctx.Done(); steadyEnded.Store(true); return nil }}
		var wg sync.WaitGroup
		wg.Go(func() { s.keep(ctx, failing) })
		wg.Go(func() { s.keep(ctx, well) })
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if len(starts) != 4 {
			t.Fatalf("started %d times, want 4", len(starts))
		}
		for i := 1; i < len(starts); i++ {
			if gap := starts[i].Sub(starts[i-1]); gap < 200*time.Millisecond || gap > 5*time.Second {
				t.Errorf("start %d came after %v", i+1, gap)
			}
		}
		if steadyEnded.Load() {
			t.Error("the other adapter was taken down")
		}
		if r := s.health.Report(); len(r.Troubles) != 0 {
			t.Errorf("troubles once it runs: %v", r.Troubles)
		}
		cancel()
		wg.Wait()
		if strings.Contains(log.String(), "Canary") || strings.Contains(log.String(), "canary") {
			t.Errorf("the log holds a secret or a person's words:\n%s", log.String())
		}
	})
}

func TestRefusedAdapterStopsLoudly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log book
		s := newSupervisor(&log)
		runs := 0
		s.keep(t.Context(), Adapter{Name: "discord", Run: func(context.Context) error { runs++; return refusal{} }})
		if runs != 1 {
			t.Errorf("ran %d times", runs)
		}
		r := s.health.Report()
		if len(r.Troubles) != 1 || r.Troubles[0].Part != "adapter discord" || !strings.Contains(r.Troubles[0].Reason, "make a new one") {
			t.Errorf("health: %+v", r)
		}
		if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "stopped for good") {
			t.Errorf("log: %s", log.String())
		}
	})
}

func TestBackoffGrowsAndStartsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSupervisor(&book{})
		ctx, cancel := context.WithCancel(t.Context())
		var ends, starts []time.Time
		a := Adapter{Name: "slack", Run: func(context.Context) error {
			starts = append(starts, time.Now())
			if len(starts) == 31 {
				time.Sleep(2 * steady)
			}
			ends = append(ends, time.Now())
			if len(starts) == 40 {
				cancel()
			}
			return errors.New("no")
		}}
		s.keep(ctx, a)
		pause := func(i int) time.Duration { return starts[i+1].Sub(ends[i]) }
		if longest := pause(29); longest < 30*time.Second || longest > 90*time.Second {
			t.Errorf("after 30 failures it waits %v", longest)
		}
		if anew := pause(30); anew > time.Second {
			t.Errorf("after a steady run it waits %v", anew)
		}
	})
}

func TestLogHoldsNoSecrets(t *testing.T) {
	c := config.Default()
	c.Slack.BotToken = config.NewSecret("xoxb-canary")
	c.Store = config.NewSecret("postgres://kapbot:canary-password@db/kapbot")
	for _, format := range []string{"text", "json"} {
		c.Log.Format = format
		var out book
		log := NewLog(&out, c, false, new(slog.LevelVar))
		log.Info("token xoxb-canary?", "err", errors.New("post xoxb-canary"), "list", []string{"xoxb-canary"}, "url", "postgres://kapbot:canary-password@db/kapbot", "secret", c.Slack.BotToken)
		log.With("with", "xoxb-canary").WithGroup("g").Error("x", slog.Group("deep", "err", errors.New("canary-password")))
		if strings.Contains(out.String(), "canary") {
			t.Errorf("%s: %s", format, out.String())
		}
	}
}
