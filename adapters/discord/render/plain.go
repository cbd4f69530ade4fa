package render

import (
	"strings"

	"kapbot/bot"
)

// Plain writes a reply as one text of at most 2,000 units, for where components are refused.
func Plain(r bot.Reply) string {
	end := closing(r)
	var tail []string
	for i, s := range r.Sources() {
		if i < 3 {
			tail = append(tail, "-# "+oneLine(Escape(Cut(s.Text(), maxSource))))
		}
	}
	if related := r.Related(); len(related) > 0 {
		lines := []string{Escape(r.RelatedLabel())}
		for _, c := range related {
			lines = append(lines, "- "+oneLine(Escape(c.Question)))
		}
		tail = append(tail, strings.Join(lines, "\n"))
	}
	body := parts(r)
	room := maxContent - Size(end) - 1
	for _, t := range tail {
		body = append(body, part{text: t})
	}
	text, _ := fit(body, room)
	return text + "\n" + end
}
