package enginetest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"kapbot/bot/engine"
)

// BenchmarkStore measures what an event costs in a store: claimed, looked at, finished
// and counted, by eight owners at a time.
func BenchmarkStore(b *testing.B, s engine.Store) {
	if err := s.Ping(b.Context()); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			t, err := s.Claim(b.Context(), key(fmt.Sprint(i)), key(fmt.Sprint("c", i)), "owner", long)
			if err == nil {
				err = s.Holds(b.Context(), t)
			}
			if err == nil {
				err = s.Finish(b.Context(), t, engine.Record{State: []byte(`{"topic":"research"}`), Keep: long, Tally: tally("t")})
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}
