package engine

import (
	"time"

	"kapbot/bot"
)

// Observer is told what happens, to count it: package main feeds Prometheus.
// Its methods are called from many goroutines and must not block.
type Observer interface {
	// Handled is called once for each event that Submit took.
	Handled(h Handled)
	// Queued says how many events of an adapter are in hand.
	Queued(adapter string, n int)
	// Refused counts an event that Submit did not take.
	Refused(adapter string, err error)
	// Panicked counts a panic that was caught.
	Panicked(adapter string)
	// StoreFailed counts a failed step in the store.
	StoreFailed(step string)
	// StoreUp says whether the store can be used. It is called on each change.
	StoreUp(up bool)
}

// Handled is how one event ended.
type Handled struct {
	Adapter string
	Outcome Outcome
	Kind    bot.Kind // "" if no reply was made
	Topic   string
	// Waited is the time in the queue, Took the time from there to the end.
	Waited, Took time.Duration
	// TakenOver says that an earlier owner did not finish it.
	TakenOver bool
	// Late says that the reply was posted, and that another owner had taken over in
	// that very moment: the platform may show it twice.
	Late bool
}

// Unobserved ignores everything. Embed it to watch only some of an Observer's events.
type Unobserved struct{}

// Handled implements Observer.
func (Unobserved) Handled(Handled) {}

// Queued implements Observer.
func (Unobserved) Queued(string, int) {}

// Refused implements Observer.
func (Unobserved) Refused(string, error) {}

// Panicked implements Observer.
func (Unobserved) Panicked(string) {}

// StoreFailed implements Observer.
func (Unobserved) StoreFailed(string) {}

// StoreUp implements Observer.
func (Unobserved) StoreUp(bool) {}
