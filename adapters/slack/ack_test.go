package slack_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot/engine"
)

// with runs an adapter on an engine of the test's own.
func with(t *testing.T, e slack.Engine, change func(*slack.Options)) *world {
	t.Helper()
	return start(t, func(o *slack.Options) {
		o.Engine = e
		if change != nil {
			change(o)
		}
	})
}

// A full queue is left to Slack, which asks again.
func TestFullQueueIsNotAcknowledged(t *testing.T) {
	h := &held{full: 2}
	fake := slackfake.New(slackfake.Options{AckWithin: 300 * time.Millisecond, Retries: []time.Duration{0, 0, 0}, PingEvery: time.Second})
	t.Cleanup(fake.Close)
	w := startOn(t, fake, engineOptions(), func(o *slack.Options) { o.Engine, o.AckPatience = h, time.Minute })
	done := fake.Deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.eventually("the third try is taken", func() bool { return len(h.taken()) > 0 })
	h.taken()[0].Settled(engine.Answered)
	if _, ok := <-done; !ok {
		t.Fatal("never acknowledged")
	}
	if st := fake.Stats(); st.Retries < 2 {
		t.Errorf("Slack retried %d times, want 2: a refused event was acknowledged", st.Retries)
	}
}

// Work that takes long is acknowledged before Slack's patience ends, and finished.
func TestSlowWorkIsAcknowledgedInTime(t *testing.T) {
	h := &held{}
	w := with(t, h, func(o *slack.Options) { o.AckPatience = 200 * time.Millisecond })
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?")) // returns on the ack
	if st := w.fake.Stats(); st.Retries != 0 {
		t.Error("Slack had to ask again")
	}
	b, _ := theBot()
	if err := h.taken()[0].Deliver(context.Background(), b.Help()); err != nil {
		t.Fatal(err)
	}
	w.answers("C1", 1)
}

// Before it has settled, an event is not acknowledged.
func TestAcknowledgedOnlyWhenSettled(t *testing.T) {
	h := &held{}
	w := with(t, h, func(o *slack.Options) { o.AckPatience = time.Minute })
	ack := w.fake.Deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.eventually("taken", func() bool { return len(h.taken()) == 1 })
	if w.fake.Stats().Delivered != 0 {
		t.Fatal("acknowledged before it settled")
	}
	h.taken()[0].Settled(engine.Answered)
	if _, ok := <-ack; !ok {
		t.Fatal("never acknowledged")
	}
}

// A question that failed after Slack was told that it arrived is tried again here,
// because nobody else will.
func TestFailedAfterAckIsTriedAgain(t *testing.T) {
	h := &held{}
	w := with(t, h, func(o *slack.Options) { o.AckPatience = time.Millisecond })
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	for i := range 3 {
		w.eventually("taken", func() bool { return len(h.taken()) == i+1 })
		h.taken()[i].Settled(engine.Failed)
	}
	if first, last := h.taken()[0], h.taken()[2]; first.ID != last.ID {
		t.Errorf("tried again as %s, first was %s", last.ID, first.ID)
	}
}

// Slack does not repeat commands: a person is told at once that it did not work, and
// the payload stays far below the size that Slack drops.
func TestRefusedCommandSaysSo(t *testing.T) {
	w := with(t, nobody{}, nil)
	ack := w.deliver(slackfake.Slash("C1", "U1", "/kap", "what is KAP?", w.fake.ResponseURL()))
	var got struct {
		Text string          `json:"text"`
		Kind string          `json:"response_type"`
		B    json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(ack.Payload, &got); err != nil {
		t.Fatalf("payload %s: %v", ack.Payload, err)
	}
	if got.Kind != "ephemeral" || !strings.HasSuffix(got.Text, disclaimer(t)) || !strings.Contains(string(got.B), disclaimer(t)) {
		t.Errorf("told %s", ack.Payload)
	}
	if ack.Bytes > 10_000 {
		t.Errorf("the acknowledgement has %d bytes; Slack drops 20,480", ack.Bytes)
	}
}
