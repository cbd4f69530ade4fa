package kb_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"kapbot/kb"
	"kapbot/kb/kbtest"
)

// sizes are the numbers of topics beside the built-in document.
var sizes = []int{0, 1_000, 10_000, 100_000}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func mustOpen(tb testing.TB, o kb.Options) *kb.Library {
	tb.Helper()
	l, err := kb.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// BenchmarkOpen measures reading documents and indexing them, and the memory
// that a library holds.
func BenchmarkOpen(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) {
			o := kb.Options{Documents: kbtest.NewGenerator().Documents(b, b.TempDir(), n)}
			before := heap()
			var l *kb.Library
			for b.Loop() {
				if l != nil {
					l.Close()
				}
				l = mustOpen(b, o)
			}
			b.ReportMetric(heap()-before, "MiB")
			l.Close()
		})
	}
}

// percentiles reports the median and the 99th percentile of durations.
func percentiles(b *testing.B, all []time.Duration) {
	slices.Sort(all)
	if len(all) > 0 {
		b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, "p50-µs")
		b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds())/1e3, "p99-µs")
	}
}

// BenchmarkSearch measures a search, alone and with one on every processor.
func BenchmarkSearch(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) {
			g := kbtest.NewGenerator()
			l := mustOpen(b, kb.Options{Documents: g.Documents(b, b.TempDir(), n)})
			defer l.Close()
			questions := g.Questions(l, 1000)
			search := func(i int) time.Duration {
				start := time.Now()
				if _, err := l.Search(context.Background(), questions[i%len(questions)], 8); err != nil {
					b.Error(err)
				}
				return time.Since(start)
			}
			b.Run("alone", func(b *testing.B) {
				var all []time.Duration
				for i := 0; b.Loop(); i++ {
					all = append(all, search(i))
				}
				percentiles(b, all)
			})
			b.Run("parallel", func(b *testing.B) {
				var mu sync.Mutex
				var all []time.Duration
				b.RunParallel(func(pb *testing.PB) {
					var own []time.Duration
					for i := 0; pb.Next(); i++ {
						own = append(own, search(i))
					}
					mu.Lock()
					defer mu.Unlock()
					all = append(all, own...)
				})
				percentiles(b, all)
			})
		})
	}
}

// BenchmarkComplete measures the completion of a few letters.
func BenchmarkComplete(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) {
			g := kbtest.NewGenerator()
			l := mustOpen(b, kb.Options{Documents: g.Documents(b, b.TempDir(), n)})
			defer l.Close()
			typed := []string{"w", "what ab", "what about b", "how does "}
			for _, q := range g.Questions(l, 100) {
				typed = append(typed, q[:len(q)/2], q[len(q)*2/3:])
			}
			b.Run("alone", func(b *testing.B) {
				var all []time.Duration
				for i := 0; b.Loop(); i++ {
					start := time.Now()
					if _, err := l.Complete(context.Background(), typed[i%len(typed)], 25); err != nil {
						b.Fatal(err)
					}
					all = append(all, time.Since(start))
				}
				percentiles(b, all)
			})
		})
	}
}
