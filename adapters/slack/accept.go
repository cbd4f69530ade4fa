package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// accept reads an envelope and hands it to its lane. It never waits. What is not
// for the bot, or cannot be read, is acknowledged: Slack would only send it again.
func (a *Adapter) accept(ctx context.Context, e envelope) {
	var from origin
	var conversation string
	var work func(context.Context, *workspace)
	switch e.kind {
	case kindEvent:
		from, conversation, work = a.event(e)
	case kindSlash:
		from, conversation, work = a.slash(e)
	case kindPressed:
		from, conversation, work = a.pressed(e)
	}
	if work == nil {
		a.counts.ignored.Add(1)
		e.ticket.ack()
		return
	}
	ok := a.lanes.put(lane{from.key(), conversation}, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		w, err := a.workspaces.find(ctx, from)
		switch {
		case errors.Is(err, errUninstalled):
			a.counts.ignored.Add(1)
			e.ticket.ack()
		case err != nil:
			e.ticket.refuse()
		default:
			work(ctx, w)
		}
	})
	if !ok {
		e.ticket.refuse()
	}
}

// event reads an Events API callback.
func (a *Adapter) event(e envelope) (origin, string, func(context.Context, *workspace)) {
	p, err := decode[eventPayload](e.payload)
	if err != nil || p.EventID == "" {
		a.counts.badMessages.Add(1)
		return origin{}, "", nil
	}
	from := origin{team: p.TeamID, enterprise: p.EnterpriseID}
	if len(p.Authorizations) > 0 {
		first := p.Authorizations[0]
		from = origin{team: first.TeamID, enterprise: first.EnterpriseID, orgWide: first.OrgWide}
	}
	if from.key() == "" {
		from.team = p.TeamID
	}
	ev := p.Event
	on := func(conversation string, f func(context.Context, *workspace, eventPayload, *ticket)) (origin, string, func(context.Context, *workspace)) {
		return from, conversation, func(ctx context.Context, w *workspace) { f(ctx, w, p, e.ticket) }
	}
	switch ev.Type {
	case "app_mention":
		if fromPerson(ev.message) && !strings.HasPrefix(ev.Channel, "D") {
			return on(talk(ev.Channel, ev.message, false), a.mentioned)
		}
	case "message":
		switch ev.Subtype {
		case "message_changed":
			if edited(ev) {
				return on(talk(ev.Channel, ev.New, ev.ChannelType == "im"), a.edited)
			}
		case "message_deleted":
			if fromPerson(ev.Previous) && ev.DeletedTS != "" {
				return on(talk(ev.Channel, ev.Previous, ev.ChannelType == "im"), a.deleted)
			}
		case "", "file_share", "thread_broadcast", "me_message":
			if fromPerson(ev.message) && a.listens(ev) {
				return on(talk(ev.Channel, ev.message, ev.ChannelType == "im"), a.said)
			}
		}
	case "app_home_opened":
		return on("home "+ev.User, a.homeOpened)
	case "app_uninstalled", "tokens_revoked":
		return on("install", a.removed)
	}
	return origin{}, "", nil
}

// fromPerson reports whether a person wrote the message: not a bot, a workflow,
// Slack itself or this app.
func fromPerson(m message) bool {
	return m.User != "" && m.BotID == "" && m.AppID == "" && m.User != "USLACKBOT" && m.TS != ""
}

// edited reports whether a person changed the words of a message; Slack also
// reports unfurled links as changes.
func edited(ev innerEvent) bool {
	return fromPerson(ev.New) && ev.New.Edited.TS != "" && ev.New.Text != ev.Previous.Text
}

// listens reports whether a plain message could be for the bot: a direct message,
// one in a thread, or one in a channel where it may answer unasked.
func (a *Adapter) listens(ev innerEvent) bool {
	return ev.ChannelType == "im" || ev.ThreadTS != "" || slices.Contains(a.o.AutoAnswer, ev.Channel)
}

// talk names the conversation of a message: the whole of a direct message
// channel, or one thread of any other channel.
func talk(channel string, m message, direct bool) string {
	if direct {
		return channel
	}
	return channel + "/" + root(m)
}

// root is the timestamp of the thread that a message is in or begins.
func root(m message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}
