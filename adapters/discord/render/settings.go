package render

import (
	"github.com/bwmarrin/discordgo"

	"kapbot/bot/engine"
)

// Settings are a server's settings, to be drawn as menus.
type Settings struct {
	Channels   []string
	Auto       []string
	Moderators string
	Region     string
	Regions    []Region
}

// Region is a region that can be chosen.
type Region struct{ Code, Name string }

// Setting names a field of the settings in a press.
type Setting string

// The settings.
const (
	SetChannels   Setting = "channels"
	SetAuto       Setting = "auto"
	SetModerators Setting = "moderators"
	SetRegion     Setting = "region"
)

// MaxChannels is how many channels a menu can hold.
const MaxChannels = 25

// ownRegion is the value of "no region of its own": a value may not be empty.
const ownRegion = "-"

// settings draws the panel: each menu saves at once.
func (v View) settings() []discordgo.MessageComponent {
	if v.Settings == nil {
		return nil
	}
	s, w := v.Settings, v.Words.Community
	region := s.Region
	if region == "" {
		region = ownRegion
	}
	m := menu{SelectMenu: discordgo.SelectMenu{CustomID: v.setting(SetRegion)}}
	m.Options = []option{{Label: Cut(w.Regional, maxOption), Value: ownRegion, Default: region == ownRegion}}
	for _, r := range s.Regions {
		if len(m.Options) < maxOptions {
			m.Options = append(m.Options, option{Label: Cut(r.Name, maxOption), Value: r.Code, Default: r.Code == region})
		}
	}
	var moderators []string
	if s.Moderators != "" {
		moderators = []string{s.Moderators}
	}
	return []discordgo.MessageComponent{
		text(Escape(w.Channels)), row(v.channels(SetChannels, s.Channels, MaxChannels)),
		text(Escape(w.AutoAnswer)), row(v.channels(SetAuto, s.Auto, MaxChannels)),
		text(Escape(w.Moderators)), row(v.channels(SetModerators, moderators, 1)),
		text(Escape(w.Region)), row(m),
	}
}

func (v View) setting(s Setting) string { return Press{Set, v.Asker, string(s)}.ID() }

func (v View) channels(s Setting, chosen []string, most int) menu {
	none := 0
	m := menu{SelectMenu: discordgo.SelectMenu{MenuType: discordgo.ChannelSelectMenu, CustomID: v.setting(s), MinValues: &none, MaxValues: most,
		ChannelTypes: []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildForum}}}
	if s == SetModerators {
		m.ChannelTypes = m.ChannelTypes[:1]
	}
	for _, id := range chosen {
		m.DefaultValues = append(m.DefaultValues, discordgo.SelectMenuDefaultValue{ID: id, Type: discordgo.SelectMenuDefaultValueChannel})
	}
	return m
}

// whys draws the menu that asks why an answer did not help.
func (v View) whys() []discordgo.MessageComponent {
	id := Press{Why, v.Asker, v.WhyOf}.ID()
	if v.WhyOf == "" || id == "" {
		return nil
	}
	m := menu{SelectMenu: discordgo.SelectMenu{CustomID: id, Placeholder: Cut(v.Words.Labels.Why, maxPlaceholder)}}
	for _, r := range engine.Reasons() {
		if label := v.Words.Labels.Reasons[string(r)]; label != "" {
			m.Options = append(m.Options, option{Label: Cut(label, maxOption), Value: string(r)})
		}
	}
	if len(m.Options) == 0 {
		return nil
	}
	return []discordgo.MessageComponent{row(m)}
}
