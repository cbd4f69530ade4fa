package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kapbot/bot"
	"kapbot/kb"
	"kapbot/kb/kbtest"
)

// asked are questions as people put them, for the built-in document.
var asked = []string{
	"What is ketamine-assisted psychotherapy (KAP)?",
	"does it help with treatment resistant depression",
	"who is allowed to prescribe it",
	"how much does it cost",
	"how does ketmine work in the brain",
	"is there any real evidence for this or is it all hype",
	"what should I look for when I choose a clinic for my mum",
	"Hi, I have tried six antidepressants over ten years and nothing has helped for long. My therapist mentioned this to me last week. " +
		"I am a bit scared of it. Is it something for people like me, or is it only for PTSD?",
	"chronic pain study",
	"Dore 2019",
	"and for anxiety?",
	"thanks",
	"what is the weather tomorrow",
}

// BenchmarkReply measures a whole reply, alone and with one on every processor,
// for the built-in document and larger ones.
func BenchmarkReply(b *testing.B) {
	for _, n := range []int{0, 10_000, 100_000} {
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) {
			bt, questions := benchmarked(b, n)
			defer bt.Close()
			reply := func(i int) time.Duration {
				start := time.Now()
				r, _ := bt.Reply(context.Background(), bot.Message{Text: questions[i%len(questions)], Direct: true}, bot.Conversation{})
				_ = r.Text()
				return time.Since(start)
			}
			b.Run("alone", func(b *testing.B) {
				var all []time.Duration
				for i := 0; b.Loop(); i++ {
					all = append(all, reply(i))
				}
				percentiles(b, all)
			})
			b.Run("parallel", func(b *testing.B) {
				var mu sync.Mutex
				var all []time.Duration
				b.RunParallel(func(pb *testing.PB) {
					var own []time.Duration
					for i := 0; pb.Next(); i++ {
						own = append(own, reply(i))
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

// benchmarked is a bot with that many topics beside the built-in ones, and what
// to ask it.
func benchmarked(b *testing.B, topics int) (*bot.Bot, []string) {
	b.Helper()
	paths := kbtest.NewGenerator().Documents(b, b.TempDir(), topics)
	bt, err := bot.New(context.Background(), bot.Options{Documents: paths})
	if err != nil {
		b.Fatal(err)
	}
	if topics == 0 {
		return bt, asked
	}
	lib, err := kb.Open(context.Background(), kb.Options{Documents: paths[:1]})
	if err != nil {
		b.Fatal(err)
	}
	defer lib.Close()
	return bt, kbtest.NewGenerator().Questions(lib, 1000)
}

// percentiles reports the median and the 99th percentile of durations.
func percentiles(b *testing.B, all []time.Duration) {
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds())/1e3, "p99-µs")
}
