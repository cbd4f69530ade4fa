package service

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/ops"
)

// Options are the settings of a Service. Config, Log and Adapters are required.
type Options struct {
	Config  config.Config
	Version string
	Log     *slog.Logger
	Level   *slog.LevelVar // of Log, changed on reload

	// Adapters makes the adapters that are configured.
	Adapters func(Base) ([]Adapter, error)
	// Page makes the operator's page. Nil: there is none.
	Page func(Base) (http.Handler, error)

	// Reread reads the configuration anew, on SIGHUP. Nil: it cannot change.
	Reread func() (config.Config, error)
	// Hangup receives SIGHUP.
	Hangup <-chan os.Signal

	// Drain is how long the end may take; default 10 s.
	Drain time.Duration
}

// Base is what adapters stand on.
type Base struct {
	Config  config.Config
	Bot     *bot.Bot
	Engine  *engine.Engine
	Store   engine.Store
	Log     *slog.Logger
	Metrics *ops.Metrics
	Health  *ops.Health
}

// Service is a running kapbot. Make one with New and call Run once.
type Service struct {
	o        Options
	base     Base
	server   *ops.Server // nil if there is no listener
	adapters []Adapter
	hide     scrubber
	reload   reloader
}

// New opens documents, store, listener and adapters. What it opened is closed
// by Run, or by New itself if it fails.
func New(ctx context.Context, o Options) (_ *Service, err error) {
	if o.Drain == 0 {
		o.Drain = 10 * time.Second
	}
	s := &Service{o: o, hide: newScrubber(o.Config.Secrets())}
	defer func() {
		if err != nil {
			err = s.hide.error(err)
			s.abandon()
		}
	}()
	s.base = Base{Config: o.Config, Log: o.Log, Metrics: ops.NewMetrics(o.Version), Health: ops.NewHealth()}
	if s.base.Bot, err = OpenBot(ctx, o.Config); err != nil {
		return nil, err
	}
	s.base.Metrics.Documents(s.base.Bot.Revision())
	if s.base.Store, err = OpenStore(o.Config); err != nil {
		return nil, err
	}
	e := engine.New(s.base.Bot, s.base.Store, engineOptions(s.base))
	s.base.Engine = e
	s.base.Health.Check("store", func() error { return s.hide.error(e.Health()) })
	if s.adapters, err = o.Adapters(s.base); err != nil {
		return nil, err
	}
	if err = s.listen(ctx); err != nil {
		return nil, err
	}
	s.reload = reloader{
		bot: s.base.Bot, config: o.Config, reread: o.Reread, level: o.Level,
		log: o.Log, health: s.base.Health, metrics: s.base.Metrics,
	}
	return s, nil
}

// OpenBot opens the documents that the configuration names.
func OpenBot(ctx context.Context, c config.Config) (*bot.Bot, error) {
	regions, err := readRegions(c.Regions)
	if err != nil {
		return nil, err
	}
	return bot.New(ctx, bot.Options{Documents: c.Documents, Cache: bot.DefaultCache(), Region: c.Region, Regions: regions})
}

func readRegions(path string) (bot.Regions, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read regions: %w", err)
	}
	return bot.ParseRegions(path, string(text))
}

func engineOptions(b Base) engine.Options {
	l := b.Config.Limits
	return engine.Options{
		Secret:         []byte(b.Config.Secret.Reveal()),
		Capacity:       l.Queue,
		PersonRate:     engine.Rate{PerMinute: l.PersonPerMinute, Burst: l.PersonBurst},
		ChannelRate:    engine.Rate{PerMinute: l.ChannelPerMinute, Burst: l.ChannelBurst},
		KeepUnanswered: b.Config.KeepUnanswered,
		Observer:       b.Metrics,
		Log:            b.Log,
	}
}

func (s *Service) listen(ctx context.Context) (err error) {
	c := s.o.Config.Ops
	if c.Listen == "" {
		return nil
	}
	o := ops.Options{
		Listen: c.Listen, Token: c.Token.Reveal(), Profiling: c.Profiling,
		Metrics: s.base.Metrics, Health: s.base.Health,
	}
	if s.o.Page != nil {
		if o.Page, err = s.o.Page(s.base); err != nil {
			return err
		}
	}
	s.server, err = ops.Listen(ctx, o)
	return err
}

// OpsAddr is the address of the operator's listener, or "".
func (s *Service) OpsAddr() string {
	if s.server == nil {
		return ""
	}
	return s.server.Addr().String()
}

// Run serves until ctx ends, drains and closes everything. What the drain had to
// give up is in the log; the platforms deliver it again.
func (s *Service) Run(ctx context.Context) {
	// What must outlive ctx until the drain is over hangs on life.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var adapters, chores sync.WaitGroup
	keep := supervisor{s.o.Log, s.hide, s.base.Health, s.base.Metrics}
	for _, a := range s.adapters {
		adapters.Go(func() { keep.keep(life, a) })
	}
	quiet, endOps := context.WithCancel(context.WithoutCancel(ctx))
	defer endOps()
	if s.server != nil {
		chores.Go(func() {
			if err := s.server.Run(quiet); err != nil {
				s.o.Log.Error("operator's listener failed", "err", err)
			}
		})
	}
	chores.Go(func() { s.reload.watch(quiet, s.o.Hangup) })

	s.base.Health.Enter(ops.Serving)
	s.o.Log.Info("kapbot serves", "version", s.o.Version, "documents", s.base.Bot.Revision(), "adapters", s.names(), "ops", s.OpsAddr())
	<-ctx.Done()
	s.drain(end, &adapters)
	endOps()
	chores.Wait()
	s.close()
	s.o.Log.Info("kapbot ended")
}

func (s *Service) names() []string {
	var names []string
	for _, a := range s.adapters {
		names = append(names, a.Name)
	}
	return names
}

// drain lets the engine finish what is in hand while the adapters are still
// connected, so that what is finished can be acknowledged, and then ends them.
func (s *Service) drain(end context.CancelFunc, adapters *sync.WaitGroup) {
	began := time.Now()
	s.base.Health.Enter(ops.Draining)
	s.o.Log.Info("draining", "within", s.o.Drain.String())
	deadline, cancel := context.WithTimeout(context.Background(), s.o.Drain*7/10)
	defer cancel()
	if err := s.base.Engine.Drain(deadline); err != nil {
		s.o.Log.Warn("drain was cut short", "err", err)
	}
	end()
	ended := make(chan struct{})
	go func() { adapters.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(max(0, s.o.Drain-time.Since(began))):
		s.o.Log.Warn("an adapter did not end in time and is left behind")
	}
	s.o.Log.Info("drained", "ms", time.Since(began).Milliseconds())
}

// abandon drains an engine that has taken nothing, and closes what New opened.
func (s *Service) abandon() {
	if s.base.Engine != nil {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		_ = s.base.Engine.Drain(now)
	}
	s.close()
}

// close closes store and documents.
func (s *Service) close() {
	if s.base.Store != nil {
		if err := s.base.Store.Close(); err != nil {
			s.o.Log.Warn("store was not closed cleanly", "err", s.hide.error(err))
		}
	}
	if s.base.Bot != nil {
		if err := s.base.Bot.Close(); err != nil {
			s.o.Log.Warn("documents were not closed cleanly", "err", err)
		}
	}
}
