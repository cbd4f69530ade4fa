package slack_test

import (
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot"
)

// threadOf asks in a channel and returns the thread that the answer is in.
func (w *world) threadOf(channel, user string) string {
	w.t.Helper()
	w.deliver(slackfake.Mention(channel, user, answered))
	w.eventually("an answer", func() bool { return len(w.fake.Messages(channel)) > 0 })
	return w.fake.Messages(channel)[0].ThreadTS
}

// A person alone with the bot in a thread need not mention it again.
func TestFollowUpInItsThread(t *testing.T) {
	w := start(t, nil)
	thread := w.threadOf("C1", "U1")
	w.deliver(slackfake.Reply("C1", "U1", answered, thread))
	w.answers("C1", 2)
	if got := w.fake.Messages("C1")[1].ThreadTS; got != thread {
		t.Errorf("answered in %s, not in %s", got, thread)
	}
	if n := len(w.fake.Calls("conversations.replies")); n != 0 {
		t.Errorf("asked Slack %d times about a thread that it saw begin", n)
	}
}

// After a restart Slack is asked who takes part.
func TestFollowUpAfterRestart(t *testing.T) {
	w := start(t, nil)
	thread := w.threadOf("C1", "U1")
	w.settled()
	again := startOn(t, w.fake, engineOptions(), nil)
	again.deliver(slackfake.Reply("C1", "U1", answered, thread))
	again.answers("C1", 2)
}

// Between people the bot is silent until it is called.
func TestSilentBetweenPeople(t *testing.T) {
	w := start(t, nil)
	thread := w.threadOf("C1", "U1")
	w.deliver(slackfake.Reply("C1", "U2", "I tried that, what did your doctor say?", thread))
	w.deliver(slackfake.Reply("C1", "U1", answered, thread)) // to U2 now
	other := w.fake.Say("C1", "U1", "lunch?", "")
	w.fake.Say("C1", "U2", "yes", other)
	w.deliver(slackfake.Reply("C1", "U1", answered, other)) // a thread without the bot
	w.deliver(altered(slackfake.Reply("C1", "U1", answered, ""), func(_, e map[string]any) { delete(e, "thread_ts") }))
	w.settled()
	w.answers("C1", 1)
}

// Someone in danger is answered between people too, privately.
func TestDangerBetweenPeople(t *testing.T) {
	w := start(t, nil)
	thread := w.threadOf("C1", "U1")
	w.deliver(slackfake.Reply("C1", "U2", "how are you?", thread))
	w.deliver(slackfake.Reply("C1", "U1", phrase(t, bot.Crisis), thread))
	w.eventually("a private answer", func() bool { return len(w.fake.Ephemeral()) == 1 })
	if e := w.fake.Ephemeral()[0]; e.EphemeralTo != "U1" || e.ThreadTS != thread || !strings.Contains(e.Text, "988") {
		t.Errorf("shown %+v", e)
	}
	w.settled()
	w.answers("C1", 1)
}

// When it cannot be shown in the channel, a private answer goes to the person's
// direct messages, and when that fails too, into the thread.
func TestPrivateAnswerFallsBack(t *testing.T) {
	refused := slackfake.Fault{Error: "user_not_in_channel"}
	w := start(t, nil)
	w.fake.Fail("chat.postEphemeral", refused, refused)
	w.deliver(slackfake.Mention("C1", "U1", phrase(t, bot.Crisis)))
	w.answers("D1", 1)
	w.fake.Fail("conversations.open", slackfake.Fault{Error: "missing_scope"})
	w.deliver(slackfake.Mention("C1", "U1", phrase(t, bot.Crisis)))
	w.answers("C1", 1)
}

// Bots, workflows, Slack itself and the bot's own messages are not answered.
func TestNoLoopsBetweenBots(t *testing.T) {
	w := start(t, nil)
	for name, change := range map[string]func(_, e map[string]any){
		"bot":         func(_, e map[string]any) { e["bot_id"] = "B9" },
		"app":         func(_, e map[string]any) { e["app_id"] = "A9" },
		"bot message": func(_, e map[string]any) { e["subtype"] = "bot_message"; e["bot_id"] = "B9"; delete(e, "user") },
		"Slackbot":    func(_, e map[string]any) { e["user"] = "USLACKBOT" },
		"itself":      func(_, e map[string]any) { e["user"] = slackfake.BotUserID },
		"joined":      func(_, e map[string]any) { e["subtype"] = "channel_join" },
		"tombstone":   func(_, e map[string]any) { e["subtype"] = "tombstone" },
	} {
		t.Run(name, func(t *testing.T) {
			w.deliver(altered(slackfake.Direct("D1", "U1", answered), change))
			if name != "itself" && name != "joined" && name != "tombstone" {
				w.deliver(altered(slackfake.Mention("C1", "U1", answered), change))
			}
		})
	}
	w.settled()
	if n := w.fake.Posted(); n != 0 {
		t.Errorf("%d answers to bots", n)
	}
}

// In the channels that the operator names, a question goes to the engine as one that
// nobody addressed to the bot, which answers it only when certain. What is no
// question, or is for someone else, does not go there at all.
func TestAutoAnswer(t *testing.T) {
	h := &held{}
	w := with(t, h, func(o *slack.Options) { o.AutoAnswer, o.AckPatience = []string{"C1"}, time.Millisecond })
	say := func(channel, text string) {
		w.deliver(altered(slackfake.Reply(channel, "U1", text, ""), func(_, e map[string]any) { delete(e, "thread_ts") }))
	}
	say("C1", answered)
	say("C1", "good morning all")
	say("C1", "<@U2> "+answered)
	say("C2", answered)
	w.settled()
	if got := h.taken(); len(got) != 1 || !got[0].Unaddressed || got[0].Message.Direct {
		t.Errorf("the engine got %+v", got)
	}
}

// A question that is deleted takes its answer along.
func TestDeletedQuestion(t *testing.T) {
	w := start(t, nil)
	e := slackfake.Direct("D1", "U1", answered)
	w.deliver(e)
	w.answers("D1", 1)
	w.deliver(slackfake.Direct("D1", "U1", answered))
	w.answers("D1", 2)
	w.deliver(slackfake.Deleted("D1", "im", "U1", w.fake.Messages("D1")[0].ThreadTS))
	w.eventually("the answer is gone", func() bool { return len(w.fake.Messages("D1")) == 1 })
}

// So does one that is deleted while it is being answered.
func TestDeletedWhileAnswering(t *testing.T) {
	w := start(t, nil)
	w.fake.Fail("chat.postMessage", slackfake.RateLimited("1"))
	e := slackfake.Mention("C1", "U1", answered)
	asked := w.fake.Deliver(e)
	w.eventually("the first try", func() bool { return len(w.fake.Calls("chat.postMessage")) == 1 })
	gone := w.fake.Deliver(slackfake.Deletion(e, "channel"))
	<-asked
	<-gone
	w.eventually("the answer is gone", func() bool { return len(w.fake.Calls("chat.delete")) == 1 })
	w.settled()
	w.answers("C1", 0)
}

// An edit within a minute changes the answer; a later one, or one that changes no
// word, does not.
func TestEditedQuestion(t *testing.T) {
	w := start(t, nil)
	e := slackfake.Direct("D1", "U1", answered)
	w.deliver(e)
	w.answers("D1", 1)
	w.deliver(slackfake.Edit(e, "im", "what is KAP?", 70))
	w.deliver(slackfake.Edit(e, "im", "before", 10)) // the words are as they were
	if n := w.fake.Messages("D1")[0].Edited; n != 0 {
		t.Errorf("changed %d times too many", n)
	}
	w.deliver(slackfake.Edit(e, "im", "what is KAP?", 10))
	w.eventually("the change", func() bool { return w.fake.Messages("D1")[0].Edited == 1 })
	w.answers("D1", 1)
}

// A question that becomes a cry for help loses its public answer and gets a private one.
func TestEditedIntoACrisis(t *testing.T) {
	w := start(t, nil)
	e := slackfake.Mention("C1", "U1", answered)
	w.deliver(e)
	w.answers("C1", 1)
	w.deliver(slackfake.Edit(e, "channel", "<@"+slackfake.BotUserID+"> "+phrase(t, bot.Crisis), 10))
	w.eventually("a private answer", func() bool { return len(w.fake.Ephemeral()) == 1 })
	w.answers("C1", 0)
}

// A status is shown when an answer takes long, and not when it does not.
func TestStatus(t *testing.T) {
	h := &held{}
	w := with(t, h, func(o *slack.Options) { o.StatusAfter, o.AckPatience = time.Millisecond, time.Millisecond })
	w.deliver(slackfake.Direct("D1", "U1", answered))
	w.eventually("a status", func() bool { return len(w.fake.Calls("assistant.threads.setStatus")) == 1 })
	b, _ := theBot()
	if err := h.taken()[0].Deliver(t.Context(), b.Help()); err != nil {
		t.Fatal(err)
	}
	calls := w.fake.Calls("")
	if last := calls[len(calls)-1].Method; last != "chat.postMessage" {
		t.Errorf("last call is %s: the status would stay", last)
	}
}
