package render

import (
	"github.com/bwmarrin/discordgo"

	"kapbot/bot"
)

// View says how a reply is shown: who asked, and what may be done with it.
type View struct {
	Words *bot.Words
	Asker string // id of the person who asked, or ""

	Shared bool // others see it: a button to delete it is added
	Share  bool // only the person sees it, and may share it
	// Answers is the id of a message that this answers, for a moderator who
	// may post it there; "" for none.
	Answers string

	// Above is a line of ours over the reply, in Markdown: who asked for it, whom it is about.
	Above string

	Checklist bool     // the reply is the checklist: draw its items to tick
	Ticked    []int    // the places that are ticked
	Labels    []string // the items

	WhyOf    string    // ask why an answer did not help: message/topic
	Settings *Settings // draw these to be changed
}

// Draw draws a reply with Components V2.
func Draw(r bot.Reply, v View) Message {
	if v.Words == nil {
		v.Words = bot.English()
	}
	var box []discordgo.MessageComponent
	sources := sections(r, v)
	end := closing(r)
	room := maxText - Size(end) - sizes(sources) - sizes(v.settings())
	if v.Above != "" {
		above := Cut(v.Above, maxAbove)
		box, room = append(box, text(above)), room-Size(above)
	}
	label := relatedLabel(r)
	room -= Size(label)
	body, cut := fit(parts(r), room)
	box = append(box, text(body))
	for _, menus := range [][]discordgo.MessageComponent{v.ticks(), v.whys(), v.settings()} {
		box = append(box, menus...)
	}
	if len(sources) > 0 {
		box = append(box, line())
		box = append(box, sources...)
	}
	if choices := related(r, v, cut); len(choices) > 0 {
		box = append(box, line())
		if label != "" {
			box = append(box, text(label))
		}
		box = append(box, choices...)
	}
	box = append(box, line(), text(end))
	components := []discordgo.MessageComponent{discordgo.Container{Components: box}}
	if row := v.row(r); len(row) > 0 {
		components = append(components, discordgo.ActionsRow{Components: row})
	}
	return Message{reply: r, components: components}
}

func text(content string) discordgo.TextDisplay { return discordgo.TextDisplay{Content: content} }

func line() discordgo.Separator {
	yes := true
	return discordgo.Separator{Divider: &yes}
}

// sections shows the sources, each with a button to its page.
func sections(r bot.Reply, v View) []discordgo.MessageComponent {
	var out []discordgo.MessageComponent
	all := r.Sources()
	for i, s := range all {
		if i == maxSources {
			break
		}
		label := s.Title
		if s.Detail != "" {
			label += " · " + s.Detail
		}
		t := text(small(Cut(v.Words.Source+" "+label, maxSource)))
		if !safeLink(s.URL) {
			out = append(out, t)
			continue
		}
		out = append(out, discordgo.Section{Components: []discordgo.MessageComponent{t},
			Accessory: discordgo.Button{Style: discordgo.LinkButton, Label: Cut(v.Words.Labels.OpenSource, maxLabel), URL: s.URL}})
	}
	return out
}

// sizes counts the text in components.
func sizes(all []discordgo.MessageComponent) int {
	n := 0
	for _, c := range all {
		switch c := c.(type) {
		case discordgo.TextDisplay:
			n += Size(c.Content)
		case discordgo.Section:
			n += sizes(c.Components)
		}
	}
	return n
}

func relatedLabel(r bot.Reply) string { return Escape(r.RelatedLabel()) }

// related offers the related topics: "did you mean" as buttons, the rest as a
// menu. When the body was cut, the sources can be opened one by one.
func related(r bot.Reply, v View, cut bool) []discordgo.MessageComponent {
	choices := r.Related()
	if r.Kind() == bot.Clarify {
		return buttons(choices, v)
	}
	if cut && len(choices) == 0 {
		for _, s := range r.Sources() {
			choices = append(choices, bot.Choice{ID: s.ID, Question: s.Title})
		}
	}
	var options []option
	seen := map[string]bool{}
	for _, c := range choices {
		if len(options) < maxOptions && c.ID != "" && Size(c.ID) <= maxOption && !seen[c.ID] && oneLine(c.Question) != "" {
			options = append(options, option{Label: Cut(oneLine(c.Question), maxOption), Value: c.ID})
			seen[c.ID] = true
		}
	}
	if len(options) == 0 {
		return nil
	}
	return []discordgo.MessageComponent{row(menu{SelectMenu: discordgo.SelectMenu{
		CustomID: Press{Action: Show, Asker: v.Asker}.ID(), Placeholder: Cut(v.Words.Community.Pick, maxPlaceholder)}, Options: options})}
}

// buttons are the choices of "did you mean", one under the other.
func buttons(choices []bot.Choice, v View) []discordgo.MessageComponent {
	var out []discordgo.MessageComponent
	for _, c := range choices {
		id := Press{Action: Choose, Asker: v.Asker, Arg: c.ID}.ID()
		if id == "" || len(out) == maxRow {
			out = append(out, text("- "+oneLine(Escape(Cut(c.Question, maxLabel)))))
			continue
		}
		out = append(out, row(discordgo.Button{Style: discordgo.SecondaryButton, Label: Cut(oneLine(c.Question), maxLabel), CustomID: id}))
	}
	return out
}

func row(c ...discordgo.MessageComponent) discordgo.ActionsRow {
	return discordgo.ActionsRow{Components: c}
}

// row is what can be done with the answer.
func (v View) row(r bot.Reply) []discordgo.MessageComponent {
	w := v.Words.Labels
	var out []discordgo.MessageComponent
	add := func(style discordgo.ButtonStyle, label string, p Press) {
		if id := p.ID(); id != "" && len(out) < maxRow {
			out = append(out, discordgo.Button{Style: style, Label: Cut(label, maxLabel), CustomID: id})
		}
	}
	if v.Answers != "" && r.Kind() == bot.Answer && r.Topic() != "" {
		add(discordgo.PrimaryButton, w.Post, Press{Post, v.Asker, v.Answers + "/" + r.Topic()})
		add(discordgo.SecondaryButton, v.Words.Community.PostNotify, Press{PostPing, v.Asker, v.Answers + "/" + r.Topic()})
		return out
	}
	if r.Rateable() && r.Topic() != "" {
		add(discordgo.SecondaryButton, w.Helpful, Press{Helpful, v.Asker, r.Topic()})
		add(discordgo.SecondaryButton, w.NotHelpful, Press{Unhelpful, v.Asker, r.Topic()})
	}
	if v.Share && r.Kind() == bot.Answer && r.Topic() != "" {
		add(discordgo.SecondaryButton, w.Share, Press{Share, v.Asker, r.Topic()})
	}
	if v.Shared && v.Asker != "" {
		add(discordgo.SecondaryButton, w.Delete, Press{Delete, v.Asker, ""})
	}
	return out
}
