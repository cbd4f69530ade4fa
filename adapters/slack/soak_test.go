package slack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// fixedAnswers is a bot that answers at once, so that a soak measures the way and
// not the retrieval.
type fixedAnswers struct{ *bot.Bot }

func (f fixedAnswers) Reply(_ context.Context, _ bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	return f.Ask(), c
}

// soakEvents is how many events the soak delivers. The full scale is
//
//	KAPBOT_SOAK=20000 go test -race -run TestSoak -v -timeout 30m ./adapters/slack
func soakEvents(t *testing.T) int {
	n := 600
	if text := os.Getenv("KAPBOT_SOAK"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// Every 50 to 250 ms a socket is killed in one way or another, while people ask in
// many threads at once. Nothing is lost, nothing is answered twice, and within a
// thread the order is kept.
func TestSoak(t *testing.T) {
	const threads = 8
	events := soakEvents(t)
	fake := slackfake.New(slackfake.Options{
		Retries: []time.Duration{0, time.Second, 3 * time.Second}, PingEvery: 100 * time.Millisecond,
	})
	t.Cleanup(fake.Close)
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(fixedAnswers{b}, engine.NewMemory(), engineOptions())
	w := startOn(t, fake, engineOptions(), func(o *slack.Options) {
		o.Engine, o.AckPatience, o.Silence, o.PingEvery = e, 2500*time.Millisecond, 400*time.Millisecond, 100*time.Millisecond
	})
	t.Cleanup(func() { _ = e.Drain(context.Background()) })

	stop := make(chan struct{})
	var chaos sync.WaitGroup
	var kills atomic.Int64
	var back recoveries
	chaos.Go(func() { wreak(w, stop, &kills, &back) })
	var asking sync.WaitGroup
	asked := make([][]string, threads)
	for i := range threads {
		asking.Go(func() {
			channel := fmt.Sprintf("C%d", i)
			root := slackfake.Stamp()
			for range events / threads {
				q := altered(slackfake.Mention(channel, "U1", "what is KAP?"), func(_, e map[string]any) { e["thread_ts"] = root })
				asked[i] = append(asked[i], q.Key)
				if _, ok := <-fake.Deliver(q); !ok {
					t.Errorf("%s: an event was lost", channel)
				}
			}
		})
	}
	asking.Wait()
	close(stop)
	chaos.Wait()
	total := events / threads * threads
	w.eventually("all is answered", func() bool { return fake.Posted() >= total })
	w.settled()
	for i := range threads {
		if got := eventIDs(t, fake.Messages(fmt.Sprintf("C%d", i))); !slices.Equal(got, asked[i]) {
			t.Errorf("C%d: %d answers to %d questions, or not in order", i, len(got), len(asked[i]))
		}
	}
	st := fake.Stats()
	t.Logf("%d events in %d threads, %d kills: %d lost, %d retries, %d attempts without a socket; acknowledged p50 %v p99 %v max %v; socket back p50 %v max %v",
		total, threads, kills.Load(), st.Lost, st.Retries, st.NoSocket,
		st.AckPercentile(0.5).Round(time.Microsecond), st.AckPercentile(0.99).Round(time.Microsecond), st.AckPercentile(1).Round(time.Microsecond),
		back.percentile(0.5).Round(time.Microsecond), back.percentile(1).Round(time.Microsecond))
}

// wreak kills a socket every 50 to 250 ms and notes how long both take to be back.
func wreak(w *world, stop <-chan struct{}, kills *atomic.Int64, back *recoveries) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(50*time.Millisecond + rand.N(200*time.Millisecond)):
		}
		sockets := w.fake.Sockets()
		if len(sockets) == 0 {
			continue
		}
		c := sockets[rand.N(len(sockets))]
		accepted := w.fake.Accepted()
		switch n := kills.Add(1); {
		case n%40 == 0:
			c.GoDark()
		case n%4 == 0:
			c.CloseWith(1001)
		case n%4 == 1:
			c.Disconnect("refresh_requested")
		default:
			c.Reset()
		}
		killed := time.Now()
		if w.fake.Wait(5*time.Second, func() bool { return w.fake.Accepted() > accepted }) {
			back.note(time.Since(killed))
		}
	}
}

// recoveries collects times.
type recoveries struct {
	mu   sync.Mutex
	seen slackfake.Stats
}

func (r *recoveries) note(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen.AckTimes = append(r.seen.AckTimes, d)
}

func (r *recoveries) percentile(p float64) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen.AckPercentile(p)
}

// eventIDs reads from the metadata which question each message answers.
func eventIDs(t *testing.T, messages []slackfake.Message) []string {
	t.Helper()
	var ids []string
	for _, m := range messages {
		var meta struct {
			Payload struct {
				ID string `json:"event_id"`
			} `json:"event_payload"`
		}
		if err := json.Unmarshal(m.Metadata, &meta); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, meta.Payload.ID)
	}
	return ids
}
