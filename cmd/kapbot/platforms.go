package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/slack"
	"kapbot/adapters/web"
	"kapbot/cmd/kapbot/config"
)

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// platforms says which platforms are configured, and with online asks them.
func (d *doctor) platforms(ctx context.Context, c config.Config, online bool) {
	if !c.Slack.On && !c.Discord.On && c.Web.Listen == "" {
		d.wrong(errors.New("no platform is configured; add [slack], [discord] or [web], see config.example.toml"))
		return
	}
	b, end, err := base(ctx, c)
	if err != nil {
		return // said under documents
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if c.Slack.On {
		a, err := slack.New(slackOptions(b))
		d.platform("slack", c.Slack.Mode, err)
		if err == nil && online {
			for _, f := range a.Check(ctx) {
				d.finding(f.OK, f.Text)
			}
		}
	}
	if c.Discord.On {
		a, err := discord.New(discordOptions(b))
		d.platform("discord", c.Discord.Mode, err)
		if err == nil && online {
			for _, f := range a.Check(ctx) {
				text := "discord: " + f.Text
				if f.Mend != "" {
					text += "; " + f.Mend
				}
				d.finding(f.OK, text)
			}
		}
	}
	if c.Web.Listen != "" {
		_, err := web.New(webOptions(b))
		d.platform("web", c.Web.Listen, err)
	}
	if !online && (c.Slack.On || c.Discord.On) {
		d.hint("tokens are not checked; `kapbot check --online` asks the platforms")
	}
}

func (d *doctor) platform(name, how string, err error) {
	if err != nil {
		d.wrong(err)
		return
	}
	d.right("%s: %s", name, how)
}

func (d *doctor) finding(ok bool, text string) {
	if ok {
		d.right("%s", text)
		return
	}
	d.wrong(errors.New(text))
}
