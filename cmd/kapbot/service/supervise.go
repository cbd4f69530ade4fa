package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v5"

	"kapbot/cmd/kapbot/ops"
)

// Adapter is one platform as the service sees it.
type Adapter struct {
	Name string
	// Run serves until ctx ends. An error that has a method Refused() bool that
	// returns true says that starting again cannot help.
	Run func(ctx context.Context) error
	// Healthy says why the adapter, though it runs, is not connected. Nil is allowed.
	Healthy func() error
}

// steady is how long an adapter must have run for its next failure to count as
// the first.
const steady = time.Minute

// supervisor keeps adapters running, each on its own.
type supervisor struct {
	log     *slog.Logger
	hide    scrubber
	health  *ops.Health
	metrics *ops.Metrics
}

// keep runs a until ctx ends or a is refused for good.
func (s supervisor) keep(ctx context.Context, a Adapter) {
	log := s.log.With("adapter", a.Name)
	wait := backoff.NewExponentialBackOff() // 0.5 s, growing by half to 1 min, each ±50 %
	if a.Healthy != nil {
		s.health.CheckAdapter(a.Name, a.Healthy)
	}
	for {
		s.health.SetAdapter(a.Name, nil)
		s.metrics.AdapterUp(a.Name, true)
		began := time.Now()
		log.Info("adapter started")
		err := s.caught(ctx, a)
		final := refused(err)
		err = s.hide.error(err)
		s.metrics.AdapterUp(a.Name, false)
		switch {
		case ctx.Err() != nil:
			if err != nil && !errors.Is(err, context.Canceled) {
				log.Warn("adapter did not end well", "err", err)
			}
			log.Info("adapter ended")
			return
		case err == nil:
			err = errors.New("ended by itself")
		case final:
			log.Error("adapter stopped for good; mend it and start kapbot again", "err", err)
			s.health.SetAdapter(a.Name, err)
			return
		}
		s.health.SetAdapter(a.Name, err)
		if time.Since(began) > steady {
			wait.Reset()
		}
		pause := wait.NextBackOff()
		log.Error("adapter failed, starting it again", "err", err, "in", pause.Round(time.Millisecond).String())
		s.metrics.AdapterRestarted(a.Name)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// refused reports whether err says of itself that trying again cannot help.
func refused(err error) bool {
	var r interface{ Refused() bool }
	return errors.As(err, &r) && r.Refused()
}

// caught runs a and turns a panic into an error. The panic's value is left out:
// it might quote a message.
func (s supervisor) caught(ctx context.Context, a Adapter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic", "adapter", a.Name, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic of type %T", p)
		}
	}()
	return a.Run(ctx)
}
