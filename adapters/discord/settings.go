package discord

import (
	"context"
	"slices"
	"strings"

	"kapbot/adapters/discord/render"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// showSettings shows a server's settings to someone who manages it.
func (a *Adapter) showSettings(ctx context.Context, r *responder) engine.Event {
	if !r.i.may(manageGuild) {
		return a.saying(r, a.o.Bot.NotYours())
	}
	e := a.saying(r, a.o.Bot.Settings())
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		return r.answer(ctx, a.draw(r, reply, a.panel(a.rules.of(ctx, r.i.GuildID))))
	}
	return e
}

// set changes one setting and shows all of them again.
func (a *Adapter) set(ctx context.Context, r *responder, field string, values []string) engine.Event {
	if !r.i.may(manageGuild) || r.i.GuildID == "" {
		return a.saying(r, a.o.Bot.NotYours())
	}
	r.update = r.onEphemeral()
	e := a.saying(r, a.o.Bot.Saved())
	e.Deliver = func(ctx context.Context, reply bot.Reply) error {
		now, err := a.rules.change(ctx, r.i.GuildID, func(now *ruling) { now.apply(field, values) })
		if err != nil {
			return err
		}
		return r.answer(ctx, a.draw(r, reply, a.panel(now)))
	}
	return e
}

// apply sets one field from the values of its menu; what is no channel or region is left out.
func (r *ruling) apply(field string, values []string) {
	channels := slices.DeleteFunc(slices.Clone(values), func(id string) bool { return !isID(id) })
	channels = channels[:min(len(channels), render.MaxChannels)]
	first := func(from []string) string {
		if len(from) == 0 {
			return ""
		}
		return from[0]
	}
	switch render.Setting(field) {
	case render.SetChannels:
		r.Channels = channels
	case render.SetAuto:
		r.Auto = channels
	case render.SetModerators:
		r.Moderators = first(channels)
	case render.SetRegion:
		r.Region = first(values)
		if _, known := regions()[r.Region]; !known {
			r.Region = ""
		}
	}
}

func (a *Adapter) panel(now ruling) render.View {
	s := render.Settings{Channels: now.Channels, Auto: now.Auto, Moderators: now.Moderators, Region: now.Region}
	known := regions()
	for code, region := range known {
		s.Regions = append(s.Regions, render.Region{Code: code, Name: region.Name})
	}
	slices.SortFunc(s.Regions, func(x, y render.Region) int { return strings.Compare(x.Name, y.Name) })
	return render.View{Settings: &s}
}

// regions are the regions that the program knows.
func regions() bot.Regions {
	all, err := bot.BuiltinRegions()
	if err != nil {
		return nil
	}
	return all
}
