package discord

import (
	"context"
	"strings"
	"time"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// interact takes a command, a press, or what a person types in a command.
func (a *Adapter) interact(ctx context.Context, i interaction, f first, hold func() func()) error {
	if !isID(i.ID) || i.Token == "" || strings.ContainsAny(i.Token, "/?#") || i.person() == "" {
		return nil
	}
	if i.Type == interactionAutocomplete {
		a.beside(func(ctx context.Context) { a.complete(ctx, &i, f) })
		return nil
	}
	arrived := time.Now()
	r := &responder{a: a, i: &i, first: f}
	e, ok := a.wanted(ctx, r)
	if !ok {
		e = a.saying(r, a.o.Bot.Failure())
	}
	r.watch(arrived)
	done := hold()
	err := a.submitOnce(ctx, e, r, done)
	if err != nil { // three seconds are too short to ask for it again
		done()
		a.tell(r, a.o.Bot.Failure())
	}
	return nil
}

// submitOnce hands an interaction's event to the engine. If it fails, the
// person is told: they see that they waited for nothing.
func (a *Adapter) submitOnce(ctx context.Context, e engine.Event, r *responder, done func()) error {
	e.Settled = func(o engine.Outcome) {
		done()
		switch o {
		case engine.Failed:
			a.tell(r, a.o.Bot.Failure())
		case engine.Limited:
			a.tell(r, a.o.Bot.SlowDown())
		default:
			r.timer.Stop() // a copy of what is answered needs no announcement
		}
	}
	return a.o.Engine.Submit(ctx, e)
}

// tell answers beside the events.
func (a *Adapter) tell(r *responder, reply bot.Reply) {
	a.beside(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := r.answer(ctx, a.draw(r, reply, render.View{})); err != nil {
			a.o.Log.Warn("the person could not be told", "error", err)
		}
	})
}

// wanted turns an interaction into an event.
func (a *Adapter) wanted(ctx context.Context, r *responder) (engine.Event, bool) {
	switch r.i.Type {
	case interactionCommand:
		return a.command(ctx, r)
	case interactionComponent:
		return a.press(ctx, r)
	}
	return engine.Event{}, false
}

// event is what all events of interactions share.
func (a *Adapter) event(r *responder) engine.Event {
	i := r.i
	talk := i.ChannelID + "/" + i.person()
	if i.private() {
		talk = i.ChannelID
	}
	if talk == "" {
		talk = i.person()
	}
	return engine.Event{Adapter: name, ID: i.ID, Workspace: i.GuildID, Conversation: talk, Person: i.person(), Channel: i.ChannelID,
		Deliver: func(ctx context.Context, reply bot.Reply) error {
			return r.answer(ctx, a.draw(r, reply, render.View{}))
		}}
}

// saying is an event whose reply is already known.
func (a *Adapter) saying(r *responder, reply bot.Reply) engine.Event {
	e := a.event(r)
	e.Respond = func(_ context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) { return reply, c }
	return e
}

// draw draws a reply for the person of an interaction.
func (a *Adapter) draw(r *responder, reply bot.Reply, v render.View) render.Message {
	v.Words, v.Asker = a.o.Bot.Words(), r.i.person()
	if !r.i.private() {
		v.Shared = v.Shared || r.public
		v.Share = v.Share || (!r.public && r.i.GuildID != "" && v.Answers == "")
	}
	return render.Draw(reply, v)
}

// showing is an event that shows a topic, and that a follow-up can follow.
func (a *Adapter) showing(r *responder, topic string) engine.Event {
	e := a.event(r)
	e.Respond = func(_ context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) {
		reply, found := a.o.Bot.Show(topic)
		if found {
			c.Topic, c.At, c.Offered = topic, time.Now(), nil
		}
		return reply, c
	}
	return e
}
