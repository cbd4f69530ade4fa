package discord

import (
	"context"
	"fmt"

	"kapbot/adapters/discord/render"
)

// alert tells a server's moderators that someone may be in danger: who and
// where, never what was said.
func (a *Adapter) alert(guild, channel, message, person string) {
	a.beside(func(ctx context.Context) {
		to := a.rules.of(ctx, guild).Moderators
		if to == "" {
			return
		}
		where := fmt.Sprintf("<@%s> · https://discord.com/channels/%s/%s/%s", person, guild, channel, message)
		m := render.Draw(a.o.Bot.Alert(), render.View{Words: a.o.Bot.Words(), Above: where}).Nonce(nonce("m", message))
		if _, err := a.post(ctx, to, m); err != nil {
			a.o.Log.Error("moderators could not be told", "error", err)
		}
	})
}
