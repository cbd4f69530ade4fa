package discord

import (
	"context"
	"regexp"
	"strings"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// question is a message that is for us.
type question struct {
	id, channel, guild, author string

	text      string
	direct    bool // a direct message
	addressed bool // the bot was called, or nobody else is there
	// urgentOnly says that the server does not want answers here; someone in
	// danger is answered all the same.
	urgentOnly bool
	locale     string
}

// hear takes a new message. An error means that there is no room: the gateway asks for
// it again.
func (a *Adapter) hear(ctx context.Context, m message, hold func() func()) error {
	q, ok := a.forUs(ctx, m)
	if !ok {
		return nil
	}
	a.answers.asked(q.id, q.text)
	return a.submit(ctx, a.asking(q), hold())
}

// asking is the engine's event for a question.
func (a *Adapter) asking(q question) engine.Event {
	return engine.Event{
		Adapter: name, ID: q.id, Workspace: q.guild, Conversation: q.conversation(), Person: q.author, Channel: q.channel,
		Message:     bot.Message{Text: q.text, Direct: q.direct, Locale: q.locale},
		Unaddressed: !q.addressed,
		Deliver:     func(ctx context.Context, r bot.Reply) error { return a.answer(ctx, q, r) },
		Delivered:   func(ctx context.Context) (bool, error) { return a.answered(ctx, q) },
	}
}

// conversation is a direct channel, or one person in a channel: a follow-up is
// about what that person asked.
func (q question) conversation() string {
	if q.direct {
		return q.channel
	}
	return q.channel + "/" + q.author
}

// forUs decides whether a message is for the bot: it is direct, mentions the bot,
// replies to it, or stands where the server wants answers without a call.
// Programs are never answered, so that two of them cannot talk for ever.
func (a *Adapter) forUs(ctx context.Context, m message) (question, bool) {
	self := *a.self.Load()
	switch {
	case m.Author == nil || m.Author.Bot || m.WebhookID != "" || m.Author.ID == self:
		return question{}, false
	case m.Type != messageDefault && m.Type != messageReply:
		return question{}, false
	case !isID(m.ID) || !isID(m.ChannelID) || !isID(m.Author.ID):
		return question{}, false
	}
	q := question{id: m.ID, channel: m.ChannelID, guild: m.GuildID, author: m.Author.ID, text: clean(m.Content, self), direct: m.GuildID == ""}
	q.addressed = q.direct || calls(m, self)
	if q.direct {
		return q, true
	}
	rule := a.rules.of(ctx, m.GuildID)
	q.locale = rule.locale("")
	if !q.addressed && len(rule.Auto) == 0 {
		return question{}, false
	}
	where := channel{ID: m.ChannelID}
	if len(rule.Channels) > 0 || len(rule.Auto) > 0 {
		where = a.place(ctx, m.ChannelID)
	}
	q.urgentOnly = !rule.allows(where)
	if where.thread() && m.ID == m.ChannelID { // a forum post's title is half of its question
		q.text = strings.TrimSpace(where.Name + "\n" + q.text)
	}
	if !q.addressed && (!rule.auto(where) || !opens(m, where) || q.text == "") {
		return question{}, false
	}
	return q, true
}

// opens says that a message may be answered uncalled: any in a channel, but in a
// forum post only the first, which has the post's own id.
func opens(m message, where channel) bool {
	return where.ParentID == "" || !where.thread() || m.ID == m.ChannelID
}

// thread says that a channel hangs below another as a thread or forum post;
// a text channel's parent is only its category.
func (c channel) thread() bool { return c.Type >= 10 && c.Type <= 12 }

// calls says whether a message mentions the bot or replies to it.
func calls(m message, self string) bool {
	for _, u := range m.Mentions {
		if u.ID == self {
			return true
		}
	}
	if m.Referenced != nil && m.Referenced.Author != nil && m.Referenced.Author.ID == self {
		return true
	}
	return strings.Contains(m.Content, "<@"+self+">") || strings.Contains(m.Content, "<@!"+self+">")
}

var (
	mention = regexp.MustCompile(`<(?:@[!&]?|#)\d+>`)
	emoji   = regexp.MustCompile(`<a?:(\w+):\d+>`)
)

// clean takes the mentions out of a text and writes emoji by their names.
func clean(text, self string) string {
	text = strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(text)
	text = mention.ReplaceAllString(text, " ")
	return strings.TrimSpace(emoji.ReplaceAllString(text, "$1"))
}

// hearEdit takes a changed message. Within the window the answer changes with
// it; a mention that was added later is a question of its own.
func (a *Adapter) hearEdit(ctx context.Context, m message, hold func() func()) error {
	if m.Edited == nil || time.Since(m.made()) > a.o.EditWindow {
		return nil
	}
	q, ok := a.forUs(ctx, m)
	if !ok {
		return nil
	}
	known, changed := a.answers.asked(q.id, q.text)
	switch {
	case !known:
		return a.submit(ctx, a.asking(q), hold())
	case !changed:
		return nil
	}
	e := a.asking(q)
	e.ID += "/" + m.Edited.UTC().Format(time.RFC3339Nano)
	e.Deliver = func(ctx context.Context, r bot.Reply) error { return a.answerAnew(ctx, q, r) }
	e.Delivered = nil // an edit may be made twice
	return a.submit(ctx, e, hold())
}

// hearDeletion takes answers away with their questions.
func (a *Adapter) hearDeletion(d deletion) {
	for _, id := range append(d.IDs, d.ID) {
		if old, posted := a.answers.gone(id); posted {
			a.beside(func(ctx context.Context) { _ = a.remove(ctx, old.channel, old.id) })
		}
	}
}
