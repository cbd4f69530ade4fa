package discord

import (
	"context"
	"errors"
	"time"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// directScope holds, by direct channel, the id of a recent message in it: it
// says that the person was told what this is, and where to look for what was missed.
const directScope = "discord/direct"

// greet says what this is before the first answer in a direct channel. Someone
// in danger is answered first and greeted another time.
func (a *Adapter) greet(ctx context.Context, q question, r bot.Reply) {
	last, err := a.o.Store.Setting(ctx, directScope, q.channel)
	switch {
	case err != nil && !errors.Is(err, engine.ErrNoSetting):
		return
	case err == nil && madeAt(q.id).Sub(madeAt(string(last))) < time.Hour:
		return
	case err != nil && r.Kind().Urgent():
		return
	case err != nil:
		m := render.Draw(a.o.Bot.Welcome(), render.View{Words: a.o.Bot.Words(), Asker: q.author}).Nonce("w" + q.id)
		if _, err := a.post(ctx, q.channel, m); err != nil {
			return
		}
	}
	if err := a.o.Store.SetSetting(ctx, directScope, q.channel, []byte(q.id)); err != nil {
		a.o.Log.Warn("direct channel not kept", "adapter", name, "error", err)
	}
}
