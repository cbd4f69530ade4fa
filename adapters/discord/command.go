package discord

import (
	"context"
	"strings"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// topicMark begins the value of a completed question: what follows is a topic's id.
const topicMark = "topic:"

// command turns a command into an event.
func (a *Adapter) command(ctx context.Context, r *responder) (engine.Event, bool) {
	const chat, onMessage = 1, 3
	switch r.i.Data.Type {
	case onMessage:
		return a.answerThis(ctx, r)
	case chat, 0:
	default:
		return engine.Event{}, false
	}
	sub, ok := r.i.sub()
	if !ok {
		return engine.Event{}, false
	}
	b := a.o.Bot
	switch sub.Name {
	case "ask":
		return a.ask(ctx, r, sub), true
	case "topics", "help":
		return a.saying(r, b.Help()), true
	case "evidence":
		return a.saying(r, b.Evidence(sub.text("condition"))), true
	case "checklist":
		return a.checklist(r, nil), true
	case "settings":
		return a.showSettings(ctx, r), true
	}
	return engine.Event{}, false
}

// ask answers /kap ask. A completed question names its topic; anything else is
// asked as it stands.
func (a *Adapter) ask(ctx context.Context, r *responder, sub option) engine.Event {
	r.public = sub.yes("public") && r.i.GuildID != ""
	typed := sub.text("question")
	if topic, ok := strings.CutPrefix(typed, topicMark); ok {
		if _, found := a.o.Bot.Show(topic); found {
			return a.showing(r, topic)
		}
		typed = topic
	}
	e := a.event(r)
	e.Message = bot.Message{Text: typed, Direct: !r.public, Locale: a.rules.of(ctx, r.i.GuildID).locale(r.i.Locale)}
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		m := a.draw(r, reply, render.View{})
		if reply.Private() && r.public {
			return r.keepPrivate(ctx, m)
		}
		return r.answer(ctx, m)
	}
	return e
}

// answerThis answers the message that a moderator picked, for the moderator's eyes; buttons
// post it. Someone in danger is not left to the moderator's discretion alone: the
// alert goes out as if they had called the bot.
func (a *Adapter) answerThis(ctx context.Context, r *responder) (engine.Event, bool) {
	target := r.i.Data.Resolved.Messages[r.i.Data.TargetID]
	if target == nil || !isID(target.ID) {
		return engine.Event{}, false
	}
	e := a.event(r)
	e.Conversation = target.ID + "/" + e.Person // a question of someone else's: nothing to follow up on
	e.Message = bot.Message{Text: clean(target.Content, *a.self.Load()), Direct: true, Locale: a.rules.of(ctx, r.i.GuildID).locale("")}
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		if reply.Alert() && target.Author != nil && r.i.GuildID != "" {
			a.alert(r.i.GuildID, r.i.ChannelID, target.ID, target.Author.ID)
		}
		return r.answer(ctx, a.draw(r, reply, render.View{Answers: target.ID}))
	}
	return e, true
}

// checklist shows the checklist, or what is left of it, with its items to tick.
func (a *Adapter) checklist(r *responder, ticked []int) engine.Event {
	b := a.o.Bot
	reply := b.Checklist()
	items := render.Items(reply)
	if ticked != nil {
		reply = b.Missing(ticked)
	}
	e := a.saying(r, reply)
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		return r.answer(ctx, a.draw(r, reply, render.View{Checklist: true, Labels: items, Ticked: ticked}))
	}
	return e
}
