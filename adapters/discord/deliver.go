package discord

import (
	"context"
	"errors"
	"net/http"

	"kapbot/adapters/discord/render"
	"kapbot/adapters/discord/rest"
	"kapbot/bot"
)

// answer posts the reply to a question, in the most fitting place.
func (a *Adapter) answer(ctx context.Context, q question, r bot.Reply) error {
	switch {
	case a.answers.get(q.id).deleted:
		return nil // nobody is left to read it
	case q.urgentOnly && !r.Kind().Urgent():
		return nil
	case r.Private() && !q.direct:
		return a.answerInPrivate(ctx, q, r)
	}
	return a.answerInPlace(ctx, q, r)
}

// answerInPlace replies where the question stands.
func (a *Adapter) answerInPlace(ctx context.Context, q question, r bot.Reply) error {
	v := render.View{Words: a.o.Bot.Words(), Asker: q.author, Shared: !q.direct}
	if q.direct {
		v.Above = a.greeting(ctx, q, r)
	}
	m := render.Draw(r, v).ReplyTo(q.id).Nonce(nonce("a", q.id))
	if q.addressed {
		m = m.Notify()
	}
	id, err := a.post(ctx, q.channel, m)
	switch {
	case err == nil:
	case unwelcome(err) && !q.direct && q.addressed:
		return a.answerByMessage(ctx, q, r)
	case unwelcome(err):
		a.o.Log.Warn("not allowed to answer there", "code", rest.Code(err))
		return nil // trying again cannot help
	default:
		return err
	}
	if !a.answers.posted(q.id, q.channel, id) {
		a.beside(func(ctx context.Context) { _ = a.remove(ctx, q.channel, id) })
	}
	return nil
}

// nonce makes the mark by which Discord drops a second post of the same answer, from what
// the post is for and the event's id; it may have 25 characters.
func nonce(what, id string) string {
	if len(id) > 24 {
		return ""
	}
	return what + id
}

// answerByMessage sends the reply in a direct message, because the bot may not
// write where the question stands. If that is not wanted either, it stays unsaid.
func (a *Adapter) answerByMessage(ctx context.Context, q question, r bot.Reply) error {
	err := a.postDirect(ctx, q.author, render.Draw(r, render.View{Words: a.o.Bot.Words(), Asker: q.author}).Nonce(nonce("p", q.id)))
	if unwelcome(err) {
		a.o.Log.Warn("not allowed to answer, there or in private", "code", rest.Code(err))
		return nil
	}
	return err
}

// answerInPrivate takes a reply out of the public: by direct message, and if that
// fails in whatever way, in place after all, since silence would be worse.
// Moderators are told.
func (a *Adapter) answerInPrivate(ctx context.Context, q question, r bot.Reply) error {
	if r.Alert() {
		a.alert(q.guild, q.channel, q.id, q.author)
	}
	err := a.postDirect(ctx, q.author, render.Draw(r, render.View{Words: a.o.Bot.Words(), Asker: q.author}).Nonce(nonce("p", q.id)))
	if err == nil || ctx.Err() != nil {
		return err
	}
	return a.answerInPlace(ctx, q, r)
}

// answerAnew changes the answer to a question that was edited.
func (a *Adapter) answerAnew(ctx context.Context, q question, r bot.Reply) error {
	old := a.answers.get(q.id)
	if old.id == "" || (r.Private() && !q.direct) {
		return a.answer(ctx, q, r)
	}
	m := render.Draw(r, render.View{Words: a.o.Bot.Words(), Asker: q.author, Shared: !q.direct})
	err := a.api.Do(ctx, rest.Request{Method: http.MethodPatch, Path: "channels/" + old.channel + "/messages/" + old.id, Body: m}, nil)
	if rest.Code(err) == rest.CodeUnknownMessage {
		return nil // it was deleted: leave it so
	}
	return err
}

// answered looks for an answer that an earlier owner posted.
func (a *Adapter) answered(ctx context.Context, q question) (bool, error) {
	var later []message
	err := a.api.Do(ctx, rest.Request{Method: http.MethodGet, Path: "channels/" + q.channel + "/messages?limit=50&after=" + q.id}, &later)
	if unwelcome(err) {
		return false, nil
	}
	for _, m := range later {
		if m.Reference != nil && m.Reference.MessageID == q.id && m.Author != nil && m.Author.ID == *a.self.Load() {
			a.answers.posted(q.id, q.channel, m.ID)
			return true, nil
		}
	}
	return false, err
}

// post posts a message and returns its id. A form that is refused is tried in plain
// text, and a reply that is not allowed as a message of its own.
func (a *Adapter) post(ctx context.Context, channel string, m render.Message) (string, error) {
	send := func(m render.Message) (string, error) {
		var made struct{ ID string }
		err := a.api.Do(ctx, rest.Request{Method: http.MethodPost, Path: "channels/" + channel + "/messages", Body: m, Repeatable: true}, &made)
		return made.ID, err
	}
	id, err := send(m)
	if rest.Code(err) == rest.CodeReplyWithoutHistory {
		m = m.ReplyTo("")
		id, err = send(m)
	}
	if rest.Code(err) == rest.CodeInvalidForm {
		a.o.Log.Error("discord refused a message with components")
		id, err = send(m.AsPlain())
	}
	return id, err
}

// postDirect posts to a person's direct messages.
func (a *Adapter) postDirect(ctx context.Context, person string, m render.Message) error {
	var ch channel
	err := a.api.Do(ctx, rest.Request{Method: http.MethodPost, Path: "users/@me/channels", Body: map[string]string{"recipient_id": person}, Repeatable: true}, &ch)
	if err != nil {
		return err
	}
	_, err = a.post(ctx, ch.ID, m)
	return err
}

// remove deletes a message of ours; one that is gone is fine.
func (a *Adapter) remove(ctx context.Context, channel, id string) error {
	err := a.api.Do(ctx, rest.Request{Method: http.MethodDelete, Path: "channels/" + channel + "/messages/" + id}, nil)
	if rest.Code(err) == rest.CodeUnknownMessage {
		return nil
	}
	return err
}

// unwelcome says that Discord does not let the bot write there, now or later.
func unwelcome(err error) bool {
	var e *rest.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Status == http.StatusForbidden || e.Status == http.StatusNotFound || e.Code == rest.CodeAutomodBlocked || e.Code == rest.CodeThreadArchived
}
