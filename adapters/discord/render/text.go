package render

import (
	"strings"

	"kapbot/bot"
)

// part is a piece of the body. One that is kept is never cut: a heading, a line of help.
type part struct {
	text string
	keep bool
}

// parts writes the blocks of a reply as Markdown.
func parts(r bot.Reply) []part {
	var out []part
	for _, b := range r.Blocks() {
		if p := write(b); p.text != "" {
			p.keep = p.keep || r.Kind().Urgent()
			out = append(out, p)
		}
	}
	return out
}

func write(b bot.Block) part {
	switch b.Kind {
	case bot.Heading:
		return part{"### " + oneLine(spans(b.Spans)), true}
	case bot.Quote:
		return part{quoted(spans(b.Spans)), false}
	case bot.Note:
		return part{"-# " + oneLine(spans(b.Spans)), false}
	case bot.List, bot.Checklist:
		lines := make([]string, len(b.Items))
		for i, item := range b.Items {
			lines[i] = "- " + oneLine(spans(item))
		}
		return part{strings.Join(lines, "\n"), false}
	case bot.Contacts:
		lines := make([]string, len(b.Contacts))
		for i, c := range b.Contacts {
			lines[i] = "- " + contact(c)
		}
		return part{strings.Join(lines, "\n"), true}
	}
	return part{spans(b.Spans), false}
}

// contact writes a line of help with its name in bold.
func contact(c bot.Contact) string {
	line := oneLine(Escape(c.Text()))
	if name := oneLine(Escape(c.Name)); name != "" && strings.HasPrefix(line, name) {
		return "**" + name + "**" + line[len(name):]
	}
	return line
}

func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// fit joins the parts within n units. What is kept is kept whole; of the rest as much
// as fits, from the beginning. It reports whether something was left out.
func fit(all []part, n int) (string, bool) {
	const gap = 1 // a line break between parts
	left := n
	for _, p := range all {
		if p.keep {
			left -= Size(p.text) + gap
		}
	}
	var out []string
	cut := false
	for _, p := range all {
		size := Size(p.text) + gap
		switch {
		case p.keep:
			out = append(out, p.text)
		case cut:
		case size <= left:
			out, left = append(out, p.text), left-size
		default:
			cut = true
			if left > 40 {
				out, left = append(out, balance(Cut(p.text, left-gap-2))), 0
			}
		}
	}
	return strings.Join(out, "\n"), cut
}

// balance closes the bold that a cut may have opened. At most two units are added.
func balance(s string) string {
	if strings.Count(s, "**")%2 == 1 {
		return s + "**"
	}
	return s
}

// small writes a line in small type.
func small(text string) string { return "-# " + oneLine(Escape(text)) }

// closing is what ends every message: the quiet line, if there is one, and the disclaimer.
func closing(r bot.Reply) string {
	var lines []string
	if q := r.QuietLine(); q != "" {
		lines = append(lines, oneLine(Escape(q)))
	}
	return strings.Join(append(lines, small(r.Disclaimer())), "\n")
}
