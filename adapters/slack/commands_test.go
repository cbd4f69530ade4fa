package slack_test

import (
	"strings"
	"testing"

	"kapbot/adapters/slack/slackfake"
	"kapbot/bot/engine"
)

// A command's answer takes another way when its response URL does not work.
func TestCommandWithoutResponseURL(t *testing.T) {
	w := start(t, nil)
	w.deliver(slackfake.Slash("C1", "U1", "/kap", answered, ""))
	w.eventually("an answer in the channel", func() bool { return len(w.fake.Ephemeral()) == 1 })
	w.fake.Fail("chat.postEphemeral", slackfake.Fault{Error: "channel_not_found"})
	w.deliver(slackfake.Slash("C1", "U1", "/kap", answered, strings.TrimSuffix(w.fake.APIURL(), "/api/")+"/gone"))
	w.eventually("an answer", func() bool { return len(w.fake.Ephemeral()) == 2 || len(w.fake.Messages("D1")) == 1 })
}

// Two replicas that get the same event answer it once.
func TestReplicasAnswerOnce(t *testing.T) {
	fake := slackfake.New(quick())
	t.Cleanup(fake.Close)
	store := engine.NewMemory()
	one, two := replica(t, fake, store), replica(t, fake, store)
	for range 20 {
		e := slackfake.Mention("C1", "U1", answered)
		for _, c := range fake.Sockets() {
			_ = c.Send(slackfake.Frame(e, "copy"))
		}
		one.deliver(e)
	}
	one.settled()
	two.settled()
	one.answers("C1", 20)
}
