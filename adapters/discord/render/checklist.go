package render

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"kapbot/bot"
)

// Items are the things to tick in a reply, as plain text.
func Items(r bot.Reply) []string {
	var out []string
	for _, b := range r.Blocks() {
		if b.Kind != bot.Checklist {
			continue
		}
		for _, item := range b.Items {
			var text strings.Builder
			for _, s := range item {
				text.WriteString(s.Text)
			}
			out = append(out, oneLine(text.String()))
		}
	}
	return out
}

// maxItems is how many things can be ticked: two menus, a bit each.
const maxItems = 2 * maxOptions

// ticks draws menus of several choices, as many as the items need. What is
// ticked in all of them is in the custom id of each.
func (v View) ticks() []discordgo.MessageComponent {
	if !v.Checklist {
		return nil
	}
	var out []discordgo.MessageComponent
	labels := v.Labels[:min(len(v.Labels), maxItems)]
	none := 0
	for page, from := 0, 0; from < len(labels); page, from = page+1, from+maxOptions {
		to := min(from+maxOptions, len(labels))
		m := menu{SelectMenu: discordgo.SelectMenu{CustomID: Press{Tick, v.Asker, Ticks{Mask: mask(v.Ticked), Page: page}.String()}.ID(),
			Placeholder: Cut(v.Words.Labels.Checklist, maxPlaceholder), MinValues: &none, MaxValues: to - from}}
		for i := from; i < to; i++ {
			m.Options = append(m.Options, option{Label: Cut(labels[i], maxOption), Value: strconv.Itoa(i), Default: slices.Contains(v.Ticked, i)})
		}
		out = append(out, row(m))
	}
	return out
}

// Ticks is the state of the checklist: what is ticked, and on which menu.
type Ticks struct {
	Mask uint64
	Page int
}

func (t Ticks) String() string { return strconv.FormatUint(t.Mask, 16) + "." + strconv.Itoa(t.Page) }

// ParseTicks reads what String wrote; anything else is a list with nothing ticked.
func ParseTicks(s string) Ticks {
	hex, page, _ := strings.Cut(s, ".")
	m, err := strconv.ParseUint(hex, 16, 64)
	p, err2 := strconv.Atoi(page)
	if err != nil || err2 != nil || p < 0 || p >= maxItems/maxOptions {
		return Ticks{}
	}
	return Ticks{Mask: m, Page: p}
}

// With is the list of places ticked once this menu says that values are.
func (t Ticks) With(values []string) []int {
	m := t.Mask &^ (uint64(1<<maxOptions-1) << (t.Page * maxOptions))
	for _, v := range values {
		if i, err := strconv.Atoi(v); err == nil && i >= t.Page*maxOptions && i < (t.Page+1)*maxOptions {
			m |= 1 << i
		}
	}
	var out []int
	for ; m != 0; m &= m - 1 {
		out = append(out, bits.TrailingZeros64(m))
	}
	return out
}

func mask(ticked []int) uint64 {
	var m uint64
	for _, i := range ticked {
		if i >= 0 && i < maxItems {
			m |= 1 << i
		}
	}
	return m
}
