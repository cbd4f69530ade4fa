package engine_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// BenchmarkEvent is what the engine itself costs: a bot that answers at once, a store in
// memory, and the platform's post left out.
func BenchmarkEvent(b *testing.B) {
	e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
	var n atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		settled := make(chan engine.Outcome, 1)
		for pb.Next() {
			i := n.Add(1)
			err := e.Submit(b.Context(), engine.Event{
				Adapter: "bench", ID: fmt.Sprint(i), Conversation: fmt.Sprint(i % 1000),
				Message: bot.Message{Text: question},
				Deliver: func(context.Context, bot.Reply) error { return nil },
				Settled: func(o engine.Outcome) { settled <- o },
			})
			if err != nil {
				b.Fatal(err)
			}
			<-settled
		}
	})
	drain(b, e)
}
