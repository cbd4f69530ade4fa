package discord_test

import (
	"log/slog"
	"strings"
	"testing"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
)

// Whatever goes wrong, no log holds what was said, who said it, or a token.
func TestLogsHoldNothingPrivate(t *testing.T) {
	var log recorder
	p := inGuild(t, func(o *discord.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.REST.Tries = 2
	})
	p.Fail(discordfake.Fault{Path: "/callback", Cut: true, Times: 4}, discordfake.Fault{Path: "/messages", Status: 400, Body: `{"code":50035,"message":"secretword"}`, Times: 2},
		discordfake.Fault{Path: "/messages", Hang: true}, discordfake.Cloudflare("/messages", "0.1"))
	id := p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "secretword?")))
	p.await("the tries", func() bool { return len(p.Requests("POST", "/callback")) >= 4 })
	asked := p.mention("secretword?")
	p.replies(asked, 1)
	p.connected().SendRaw("{secretword")
	p.connected().Reset()
	p.settled()
	for _, secret := range []string{"secretword", p.Token(), "token-" + id, p.ann.ID, p.ann.Username} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, log.String())
		}
	}
}
