package slack_test

import (
	"context"
	"sync"

	"kapbot/bot/engine"
)

// nobody is an engine that takes nothing.
type nobody struct{}

func (nobody) Submit(context.Context, engine.Event) error { return engine.ErrFull }
func (nobody) Rate(context.Context, string, string, string, engine.Rating) error {
	return nil
}

// held is an engine that takes events and settles them when the test says.
type held struct {
	nobody
	mu     sync.Mutex
	events []engine.Event
	full   int // how many submissions to refuse first
}

func (h *held) Submit(_ context.Context, e engine.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.full > 0 {
		h.full--
		return engine.ErrFull
	}
	h.events = append(h.events, e)
	return nil
}

func (h *held) taken() []engine.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]engine.Event(nil), h.events...)
}
