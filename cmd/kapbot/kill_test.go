package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"kapbot/adapters/slack/slackfake"
)

// TestKilledBetweenPostAndAck kills the whole process with SIGKILL at the worst
// moment, over and over: Slack has the answer, the store and the acknowledgement do
// not. The next process finds the answer in the thread and posts no second one.
func TestKilledBetweenPostAndAck(t *testing.T) {
	fake := slackfake.New(slackfake.Options{
		AckWithin: 2 * time.Second, Retries: []time.Duration{0, 2 * time.Second, 5 * time.Second, 5 * time.Second},
	})
	defer fake.Close()
	dir := t.TempDir()
	var asked []string
	var last <-chan slackfake.Ack
	for round := range 3 {
		p := serve(t, dir, slackConfig(fake), tokens...)
		p.until("Slack is connected", func() bool { return len(fake.Sockets()) > 0 })
		fake.Fail("chat.postMessage", slackfake.Fault{Hang: time.Minute, After: true})
		q := slackfake.Mention("C1", fmt.Sprintf("U%d", round), "What is KAP?")
		asked = append(asked, q.Key)
		last = fake.Deliver(q)
		p.until("the answer is posted", func() bool { return len(fake.Messages("C1")) == round+1 })
		p.signal(syscall.SIGKILL)
		<-p.done
	}
	p := serve(t, dir, slackConfig(fake), tokens...)
	if _, ok := <-last; !ok {
		t.Error("the last event was never acknowledged")
	}
	p.until("Slack has asked again for all", func() bool { return fake.Stats().Delivered+fake.Stats().Lost >= len(asked) })
	if got := answeredIDs(t, fake, "C1"); !slices.Equal(got, asked) {
		t.Errorf("answered %v, asked %v", got, asked)
	}
}

// TestKilledAtRandom kills the process at any moment while people ask. What Slack
// asks again is answered once; nothing is answered twice.
func TestKilledAtRandom(t *testing.T) {
	fake := slackfake.New(slackfake.Options{
		AckWithin: 2 * time.Second, Retries: []time.Duration{0, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second},
	})
	defer fake.Close()
	dir := t.TempDir()
	var asked []string
	var acks []<-chan slackfake.Ack
	p := serve(t, dir, slackConfig(fake), tokens...)
	for range 4 {
		p.until("Slack is connected", func() bool { return len(fake.Sockets()) > 0 })
		for i := range 8 {
			q := slackfake.Mention(fmt.Sprintf("C%d", i), fmt.Sprintf("U%d", i), "What is KAP?")
			asked = append(asked, q.Key)
			acks = append(acks, fake.Deliver(q))
		}
		time.Sleep(rand.N(60 * time.Millisecond)) // the moment is what is tried
		p.signal(syscall.SIGKILL)
		<-p.done
		p = serve(t, dir, slackConfig(fake), tokens...)
	}
	for _, ack := range acks {
		if _, ok := <-ack; !ok {
			t.Error("an event was never acknowledged")
		}
	}
	var got []string
	for i := range 8 {
		got = append(got, answeredIDs(t, fake, fmt.Sprintf("C%d", i))...)
	}
	slices.Sort(got)
	slices.Sort(asked)
	if !slices.Equal(got, asked) {
		t.Errorf("%d answers to %d questions", len(got), len(asked))
	}
	t.Logf("%d questions over 4 kills: %d retries by Slack, %d answers", len(asked), fake.Stats().Retries, len(got))
}

// answeredIDs lists the events that the bot's messages in a channel answer, in order.
func answeredIDs(t *testing.T, fake *slackfake.Server, channel string) []string {
	t.Helper()
	var ids []string
	for _, m := range fake.Messages(channel) {
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
