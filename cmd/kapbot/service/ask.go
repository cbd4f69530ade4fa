package service

import (
	"context"
	"crypto/rand"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// Asker answers at once and lets the engine count afterwards: for the web page,
// where the person waits on the line and the page itself keeps the conversation.
// Neither a full queue nor a store that is away delays a reply.
type Asker struct {
	bot    engine.Answerer
	engine *engine.Engine
}

// NewAsker returns an Asker.
func NewAsker(b engine.Answerer, e *engine.Engine) Asker { return Asker{b, e} }

// Ask answers m. A panic becomes an honest failure.
func (a Asker) Ask(ctx context.Context, adapter string, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	reply, after, ok := a.reply(ctx, m, c)
	if !ok {
		// The engine meets the same panic, counts it and logs where it was.
		a.count(ctx, engine.Event{Adapter: adapter, Message: m})
		return reply, after
	}
	a.count(ctx, engine.Event{Adapter: adapter, Message: m,
		Respond: func(context.Context, bot.Conversation) (bot.Reply, bot.Conversation) {
			return reply, bot.Conversation{}
		}})
	return reply, after
}

func (a Asker) reply(ctx context.Context, m bot.Message, c bot.Conversation) (r bot.Reply, after bot.Conversation, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r, after, ok = a.bot.Failure(), c, false
		}
	}()
	r, after = a.bot.Reply(ctx, m, c)
	return r, after, true
}

// count submits an event whose reply has been given. What the engine does not
// take it counts as refused; the person has the reply all the same.
func (a Asker) count(ctx context.Context, v engine.Event) {
	v.ID = rand.Text()
	v.Conversation = v.ID
	v.Deliver = func(context.Context, bot.Reply) error { return nil }
	_ = a.engine.Submit(context.WithoutCancel(ctx), v)
}
