package slack

import (
	"context"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// threads remembers, for a while and by ids only, who takes part in a thread:
// what decides whether a message in it is for the bot. What it does not know it
// asks Slack.
type threads struct {
	known *recent[thread, part]
}

type thread struct{ workspace, channel, root string }

// part is who has written in a thread. It is a value: changing it makes a new one.
type part struct {
	bot    bool
	people []string
}

func (p part) with(user string) part {
	if user == "" || slices.Contains(p.people, user) {
		return p
	}
	return part{bot: p.bot, people: append(slices.Clip(p.people), user)}
}

// others reports whether people beside user have written in the thread.
func (p part) others(user string) bool {
	return slices.ContainsFunc(p.people, func(u string) bool { return u != user })
}

const (
	threadsKnown = 4096
	threadsTTL   = 2 * time.Minute // other replicas see what this one does not
)

func newThreads() *threads {
	return &threads{known: newRecent[thread, part](threadsKnown, threadsTTL)}
}

// wrote notes that a person wrote in a thread that is known.
func (t *threads) wrote(w *workspace, channel, root, user string) {
	t.known.change(thread{w.id, channel, root}, func(p part) part { return p.with(user) })
}

// began notes a thread whose only message so far is the person's.
func (t *threads) began(w *workspace, channel, root, user string) {
	t.known.put(thread{w.id, channel, root}, part{people: []string{user}})
}

// spoke notes that the bot wrote.
func (t *threads) spoke(w *workspace, channel, root string) {
	t.known.change(thread{w.id, channel, root}, func(p part) part { return part{bot: true, people: p.people} })
}

// knows reports whether the bot is known to take part, without asking.
func (t *threads) knows(w *workspace, channel, root string) bool {
	p, ok := t.known.get(thread{w.id, channel, root})
	return ok && p.bot
}

// part returns who takes part, from memory or from Slack.
func (t *threads) part(ctx context.Context, w *workspace, patience time.Duration, channel, root string) (part, error) {
	k := thread{w.id, channel, root}
	if p, ok := t.known.get(k); ok {
		return p, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	messages, _, _, err := w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Limit: 200})
	if err != nil {
		if isRefused(err, "thread_not_found", "channel_not_found", "not_in_channel", "missing_scope") {
			return part{}, nil
		}
		return part{}, err
	}
	var p part
	for _, m := range messages {
		switch {
		case m.User == w.botUser:
			p.bot = true
		case m.BotID == "":
			p = p.with(m.User)
		}
	}
	t.known.put(k, p)
	return p, nil
}
