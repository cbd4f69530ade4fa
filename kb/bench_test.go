package kb

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
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

func mustOpen(tb testing.TB, o Options) *Library {
	tb.Helper()
	l, err := Open(context.Background(), o)
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
			o := Options{Documents: newGenerator().documents(b, b.TempDir(), n)}
			before := heap()
			var l *Library
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
		g := newGenerator()
		l := mustOpen(b, Options{Documents: g.documents(b, b.TempDir(), n)})
		questions := g.questions(l, 1000)
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				if _, err := l.Search(context.Background(), questions[i%len(questions)], 8); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			percentiles(b, took)
		})
		b.Run(fmt.Sprintf("parallel/topics=%d", n), func(b *testing.B) {
			var mu sync.Mutex
			var all []time.Duration
			b.RunParallel(func(pb *testing.PB) {
				var took []time.Duration
				for i := 0; pb.Next(); i++ {
					start := time.Now()
					if _, err := l.Search(context.Background(), questions[i%len(questions)], 8); err != nil {
						b.Error(err)
					}
					took = append(took, time.Since(start))
				}
				mu.Lock()
				all = append(all, took...)
				mu.Unlock()
			})
			percentiles(b, all)
		})
		l.Close()
	}
}
