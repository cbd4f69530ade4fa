package discord

import (
	"context"
	"errors"
	"strings"
	"time"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// directScope holds, by direct channel, when it was last used: it says that the person was
// told what this is, and where to look for what was missed.
const directScope = "discord/direct"

// greeting is what the first answer in a direct channel opens with: what this
// is, and what not to share. Someone in danger is greeted another time: their
// answer waits for nothing, and so not for the store. It also notes that the channel is
// used, once an hour at most.
func (a *Adapter) greeting(ctx context.Context, q question, r bot.Reply) string {
	if r.Kind().Urgent() {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	last, err := a.o.Store.Setting(ctx, directScope, q.channel)
	first := errors.Is(err, engine.ErrNoSetting)
	switch {
	case err != nil && !first:
		return ""
	case !first && time.Since(usedAt(last)) < time.Hour:
		return ""
	}
	if err := a.o.Store.SetSetting(ctx, directScope, q.channel, []byte(time.Now().UTC().Format(time.RFC3339))); err != nil {
		a.o.Log.Warn("direct channel not kept", "error", err)
	}
	if !first {
		return ""
	}
	return render.Escape(strings.Join(a.o.Bot.Words().Welcome, "\n"))
}

// usedAt reads what greeting keeps.
func usedAt(kept []byte) time.Time {
	at, err := time.Parse(time.RFC3339, string(kept))
	if err != nil {
		return time.Time{}
	}
	return at
}
