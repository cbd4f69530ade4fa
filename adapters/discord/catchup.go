package discord

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kapbot/adapters/discord/rest"
	"kapbot/adapters/internal/pause"
)

// catch is a channel in which something may have been missed.
type catch struct{ guild, channel string }

const (
	maxCatches = 10000               // channels waiting to be read
	maxPages   = 3                   // of a hundred messages each, of one channel
	maxDirect  = 200                 // direct channels looked at after a restart
	directFor  = 30 * 24 * time.Hour // a direct channel unused for longer is not looked at
)

// lookAtGuild queues the channels of a server where something was written in
// the last quarter of an hour. Discord sends the server when a session begins, so not
// after RESUME, which has nothing to catch up with.
func (a *Adapter) lookAtGuild(g guild) {
	since := time.Now().Add(-a.o.CatchUp)
	if g.Unavailable || g.JoinedAt.After(since) {
		return // what was said before the bot came is not for it
	}
	for _, c := range append(slices.Clone(g.Channels), g.Threads...) {
		if c.Last != nil && madeAt(*c.Last).After(since) {
			a.queueCatch(catch{guild: g.ID, channel: c.ID})
		}
	}
}

// lookAtDirect queues the direct channels that were used of late; they are all on
// the first shard.
func (a *Adapter) lookAtDirect(shard int) {
	if shard != 0 {
		return
	}
	a.beside(func(ctx context.Context) {
		channels, err := a.o.Store.ListSettings(ctx, directScope)
		if err != nil {
			a.o.Log.Warn("direct channels not known, nothing to catch up with", "error", err)
			return
		}
		type used struct {
			channel string
			at      time.Time
		}
		var recent []used
		for _, id := range channels {
			last, err := a.o.Store.Setting(ctx, directScope, id)
			if at := usedAt(last); err == nil && time.Since(at) < directFor {
				recent = append(recent, used{id, at})
			}
		}
		slices.SortFunc(recent, func(x, y used) int { return y.at.Compare(x.at) })
		for _, u := range recent[:min(len(recent), maxDirect)] {
			a.queueCatch(catch{channel: u.channel})
		}
	})
}

func (a *Adapter) queueCatch(c catch) {
	select {
	case a.catchUp <- c:
	default:
		a.o.Log.Warn("too many channels to catch up with")
	}
}

// catchUpAll reads the queued channels, one after another.
func (a *Adapter) catchUpAll(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case c := <-a.catchUp:
			if err := a.catchUpOn(ctx, c); err != nil && ctx.Err() == nil && !unwelcome(err) {
				a.o.Log.Warn("missed messages not read", "error", err)
			}
		}
	}
}

// catchUpOn answers what was said to the bot in one channel and has no answer yet. The
// engine drops what it has already handled.
func (a *Adapter) catchUpOn(ctx context.Context, c catch) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	missed, err := a.readSince(ctx, c.channel, idAt(time.Now().Add(-a.o.CatchUp)))
	if err != nil {
		return err
	}
	done := map[string]bool{}
	self := *a.self.Load()
	for _, m := range missed {
		if m.Reference != nil && m.Author != nil && m.Author.ID == self {
			done[m.Reference.MessageID] = true
		}
	}
	for _, m := range missed {
		m.GuildID = c.guild // REST leaves it out
		q, ok := a.forUs(ctx, m)
		if time.Since(m.made()) > a.o.CatchUp {
			continue
		}
		if !ok || !q.addressed || done[m.ID] || a.answers.knows(m.ID) {
			continue
		}
		for a.hear(ctx, m, func() func() { return func() {} }) != nil {
			if err := pause.For(ctx, a.o.Again/5); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSince reads a channel's messages after an id, oldest first.
func (a *Adapter) readSince(ctx context.Context, channel, after string) ([]message, error) {
	var all []message
	for range maxPages {
		var page []message
		err := a.api.Do(ctx, rest.Request{Method: http.MethodGet, Path: "channels/" + channel + "/messages?limit=100&after=" + after}, &page)
		if err != nil {
			return all, err
		}
		slices.Reverse(page) // they come newest first
		all = append(all, page...)
		if len(page) < 100 {
			break
		}
		after = page[len(page)-1].ID
	}
	return all, nil
}
