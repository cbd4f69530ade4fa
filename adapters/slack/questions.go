package slack

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kapbot/bot"
)

// mentioned answers a mention, in a thread under it.
func (a *Adapter) mentioned(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	ev := p.Event
	if ev.ThreadTS == "" {
		a.threads.began(w, ev.Channel, ev.TS, ev.User)
	} else {
		a.threads.wrote(w, ev.Channel, ev.ThreadTS, ev.User)
	}
	a.ask(ctx, w, question{
		id: p.EventID, text: ev.Text, user: ev.User, channel: ev.Channel,
		ts: ev.TS, thread: root(ev.message), conversation: talk(ev.Channel, ev.message, false),
	}, t)
}

// said answers a message without a mention: always in a direct message, in a
// thread that is between its writer and the bot, and, when certain, in channels
// where the operator wants it.
func (a *Adapter) said(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	ev := p.Event
	q := question{
		id: p.EventID, text: ev.Text, user: ev.User, channel: ev.Channel, direct: ev.ChannelType == "im",
		ts: ev.TS, thread: root(ev.message), conversation: talk(ev.Channel, ev.message, ev.ChannelType == "im"),
	}
	switch {
	case ev.User == w.botUser, !q.direct && mentions(ev.Text, w.botUser): // app_mention brings the latter
		t.ack()
		return
	case q.direct:
	case ev.ThreadTS != "":
		part, err := a.threads.part(ctx, w, a.o.Timeout, ev.Channel, ev.ThreadTS)
		a.threads.wrote(w, ev.Channel, ev.ThreadTS, ev.User)
		if err != nil {
			a.o.Log.Warn("slack thread not read", "cause", cause(err))
			t.refuse()
			return
		}
		if !part.bot {
			t.ack()
			return
		}
		// Between people the bot speaks only when called, or when someone is in danger.
		q.urgentOnly = part.others(ev.User) || mentionsOthers(ev.Text, w.botUser)
	case !strings.Contains(ev.Text, "?") || mentionsOthers(ev.Text, w.botUser):
		t.ack()
		return
	default:
		q.unaddressed = true
	}
	a.ask(ctx, w, q, t)
}

// edited answers again when a question was changed soon after it was asked: the
// answer is changed, not added to.
func (a *Adapter) edited(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	ev := p.Event
	direct := ev.ChannelType == "im" || strings.HasPrefix(ev.Channel, "D")
	soon := seconds(ev.New.Edited.TS)-seconds(ev.New.TS) <= a.o.EditWithin.Seconds()
	if !soon || !(direct || mentions(ev.New.Text, w.botUser) || a.threads.knows(w, ev.Channel, root(ev.New))) {
		t.ack()
		return
	}
	a.ask(ctx, w, question{
		id: p.EventID, text: ev.New.Text, user: ev.New.User, channel: ev.Channel, direct: direct, edit: true,
		ts: ev.New.TS, thread: root(ev.New), conversation: talk(ev.Channel, ev.New, direct),
	}, t)
}

// deleted takes back the answers to a question that its writer deleted. It goes
// through the engine, behind the question, so that an answer under way is found.
func (a *Adapter) deleted(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	ev := p.Event
	a.ask(ctx, w, question{
		id: p.EventID, conversation: talk(ev.Channel, ev.Previous, ev.ChannelType == "im"),
		respond: fixed(a.o.Bot.Deleted),
		deliver: func(ctx context.Context, _ bot.Reply) error {
			return a.removeAnswers(ctx, w, ev.Channel, root(ev.Previous), ev.DeletedTS)
		},
	}, t)
}

// seconds reads a Slack timestamp; what is none is 0.
func seconds(ts string) float64 {
	s, err := strconv.ParseFloat(ts, 64)
	if err != nil {
		return 0
	}
	return s
}

// homeOpened greets in the Messages tab and fills the Home tab.
func (a *Adapter) homeOpened(ctx context.Context, w *workspace, p eventPayload, t *ticket) {
	ev := p.Event
	if ev.User == "" {
		t.ack()
		return
	}
	if ev.Tab == "messages" {
		a.greet(ctx, w, ev.User, ev.Channel, t)
		return
	}
	a.job(ctx, w, t, func(ctx context.Context) error { return a.publishHome(ctx, w, ev.User) })
}

// topicReply makes the reply of a topic's button.
func (a *Adapter) topicReply(id string) func(context.Context, bot.Conversation) (bot.Reply, bot.Conversation) {
	return func(_ context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) {
		r, ok := a.o.Bot.Show(id)
		if ok {
			c.Topic, c.At, c.Offered = id, time.Now(), nil
		}
		return r, c
	}
}

// fixed makes a reply that does not depend on the conversation.
func fixed(make func() bot.Reply) func(context.Context, bot.Conversation) (bot.Reply, bot.Conversation) {
	return func(_ context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) { return make(), c }
}
