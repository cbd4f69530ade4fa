package slack_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"sync/atomic"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"kapbot/adapters/slack/slackfake"
)

// naive is the loop that slack-go's examples show: take an event, work on it,
// acknowledge it, take the next.
type naive struct {
	client  *socketmode.Client
	handled atomic.Int64
}

func newNaive(fake *slackfake.Server) *naive {
	quiet := log.New(io.Discard, "", 0)
	api := slackgo.New("", slackgo.OptionAppLevelToken("xapp-1"), slackgo.OptionAPIURL(fake.APIURL()), slackgo.OptionLog(quiet))
	return &naive{client: socketmode.New(api, socketmode.OptionLog(quiet))}
}

func (n *naive) consume(ctx context.Context, work time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-n.client.Events:
			if e.Type != socketmode.EventTypeEventsAPI {
				continue
			}
			time.Sleep(work) // the consumer's own work, not a wait of the test
			_ = n.client.AckCtx(ctx, e.Request.EnvelopeID, nil)
			n.handled.Add(1)
		}
	}
}

// burst sends events over one socket at once and then, when some have been seen
// to arrive, resets it.
func burst(fake *slackfake.Server, n int, arrived func() bool) {
	c := fake.Sockets()[0]
	for i := range n {
		_ = c.Send(slackfake.Frame(slackfake.Mention("C1", "U1", "what is KAP?"), fmt.Sprintf("burst-%d", i)))
	}
	for deadline := time.Now().Add(soon); !arrived() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond) // nothing tells of it
	}
	c.Reset()
}

// The consumer waits until its acknowledgement is queued, the sender of
// acknowledgements until its error is taken, and the errors go to the consumer.
// Slack is healthy all the while.
func TestNaiveLoopDeadlocks(t *testing.T) {
	if testing.Short() {
		t.Skip("watches a deadlock for some seconds")
	}
	fake := slackfake.New(quick())
	defer fake.Close()
	n := newNaive(fake)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { defer close(ran); _ = n.client.RunContext(ctx) }()
	consumed := make(chan struct{})
	go func() { defer close(consumed); n.consume(ctx, 20*time.Millisecond) }()
	if !fake.Wait(soon, func() bool { return len(fake.Sockets()) == 1 }) {
		t.Fatal("no socket")
	}
	burst(fake, 120, func() bool { return n.handled.Load() >= 3 })
	if fake.Wait(6*time.Second, func() bool { return fake.Opens() > 1 }) {
		t.Error("the naive loop reconnected: slack-go has mended its deadlock, and the guard in socket.go may become simpler")
	}
	t.Logf("deadlocked after %d of 120 events", n.handled.Load())
	cancel()
	for done := false; !done; { // set it free
		select {
		case <-n.client.Events:
		case <-ran:
			done = true
		}
	}
	<-consumed
}

func TestBurstThenReset(t *testing.T) {
	for _, n := range []int{60, 80, 120, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := start(t, func(o *slackOptions) { o.Connections = 1 })
			opens := w.fake.Opens()
			burst(w.fake, n, func() bool { return len(w.fake.Messages("C1")) > 0 })
			w.eventually("a new socket", func() bool { return w.fake.Opens() > opens && w.adapter.Connected() == 1 })
			w.deliver(slackfake.Mention("C2", "U2", "what is KAP?"))
			w.answers("C2", 1)
		})
	}
}
