package discord

import (
	"context"
	"fmt"
	"strings"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// press turns a pressed button or a choice in a menu into an event.
func (a *Adapter) press(ctx context.Context, r *responder) (engine.Event, bool) {
	p, err := render.ParsePress(r.i.Data.CustomID)
	if err != nil {
		return engine.Event{}, false
	}
	value := ""
	if len(r.i.Data.Values) > 0 {
		value = r.i.Data.Values[0]
	}
	switch p.Action {
	case render.Choose:
		r.update = r.ownMessage(p)
		return a.showing(r, p.Arg), true
	case render.Show:
		return a.showing(r, value), true
	case render.Helpful:
		return a.rate(r, r.pressedOn(), engine.Rating{Topic: p.Arg, Helpful: true}), true
	case render.Unhelpful:
		return a.rate(r, r.pressedOn(), engine.Rating{Topic: p.Arg}), true
	case render.Why:
		r.update = true
		rated, topic, _ := strings.Cut(p.Arg, "/")
		return a.rate(r, rated, engine.Rating{Topic: topic, Reason: engine.Reason(value)}), true
	case render.Delete:
		return a.delete(r, p), true
	case render.Share:
		return a.share(r, p.Arg), true
	case render.Post, render.PostPing:
		return a.postFor(r, p), true
	case render.Tick:
		r.update = r.ownMessage(p)
		return a.checklist(r, append([]int{}, render.ParseTicks(p.Arg).With(r.i.Data.Values)...)), true
	case render.Set:
		return a.set(ctx, r, p.Arg, r.i.Data.Values), true
	}
	return engine.Event{}, false
}

// ownMessage says that the message with the button is the presser's own: only
// they see it, or they asked for it. Others' presses do not change it.
func (r *responder) ownMessage(p render.Press) bool {
	return r.onEphemeral() || r.i.private() || (p.Asker != "" && p.Asker == r.i.person())
}

func (r *responder) onEphemeral() bool {
	return r.i.Message != nil && r.i.Message.Flags&flagEphemeral != 0
}

// pressedOn is the id of the message with the button.
func (r *responder) pressedOn() string {
	if r.i.Message == nil {
		return r.i.ID
	}
	return r.i.Message.ID
}

// rate keeps a rating of a message and says thanks; after "not helpful" it asks
// why. The reason replaces the rating without one.
func (a *Adapter) rate(r *responder, rated string, rating engine.Rating) engine.Event {
	e := a.saying(r, a.o.Bot.Rated())
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		if err := a.o.Engine.Rate(ctx, name, r.i.person(), rated, rating); err != nil {
			return r.answer(ctx, a.draw(r, a.o.Bot.Failure(), render.View{}))
		}
		v := render.View{}
		if !rating.Helpful && rating.Reason == engine.NoReason {
			v.WhyOf = rated + "/" + rating.Topic
		}
		return r.answer(ctx, a.draw(r, reply, v))
	}
	return e
}

// delete takes an answer away for the person who asked or for a moderator.
func (a *Adapter) delete(r *responder, p render.Press) engine.Event {
	if r.i.Message == nil || (p.Asker != r.i.person() && !r.i.may(manageMessages)) {
		return a.saying(r, a.o.Bot.NotYours())
	}
	e := a.saying(r, a.o.Bot.Deleted())
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		if err := a.remove(ctx, r.i.ChannelID, r.i.Message.ID); err != nil {
			reply = a.o.Bot.Failure()
		}
		return r.answer(ctx, a.draw(r, reply, render.View{}))
	}
	return e
}

// share shows everyone the topic that a person has been shown alone.
func (a *Adapter) share(r *responder, topic string) engine.Event {
	r.public = true
	e := a.showing(r, topic)
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		return r.answer(ctx, a.draw(r, reply, render.View{Above: a.askedBy(r.i.person())}))
	}
	return e
}

// askedBy names who had an answer posted, without notifying anyone.
func (a *Adapter) askedBy(person string) string {
	return "-# " + fmt.Sprintf(a.o.Bot.Words().Community.AskedBy, "<@"+person+">")
}

// postFor posts a topic as the answer to the message that a moderator picked. Where the
// app is only the moderator's own, it is posted as their use of it.
func (a *Adapter) postFor(r *responder, p render.Press) engine.Event {
	message, topic, _ := strings.Cut(p.Arg, "/")
	if !isID(message) || p.Asker != r.i.person() {
		return a.saying(r, a.o.Bot.NotYours())
	}
	e := a.event(r)
	r.update = true
	e.Respond = func(_ context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) {
		reply, _ := a.o.Bot.Show(topic)
		return reply, c
	}
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		m := render.Draw(reply, render.View{Words: a.o.Bot.Words(), Asker: r.i.person(), Shared: true, Above: a.askedBy(r.i.person())})
		if !r.i.installed() {
			if err := r.answer(ctx, a.draw(r, a.o.Bot.Posted(), render.View{})); err != nil {
				return err
			}
			return r.follow(ctx, m)
		}
		post := m.ReplyTo(message).Nonce(nonce("q", r.i.ID))
		if p.Action == render.PostPing {
			post = post.Notify()
		}
		said := a.o.Bot.Posted()
		if _, err := a.post(ctx, r.i.ChannelID, post); unwelcome(err) {
			said = a.o.Bot.Failure()
		} else if err != nil {
			return err
		}
		return r.answer(ctx, a.draw(r, said, render.View{}))
	}
	return e
}
