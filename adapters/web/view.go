package web

import (
	"strings"

	"kapbot/bot"
)

// replyView is a bot.Reply as the templates draw it.
type replyView struct {
	Words *bot.Words
	Kind  bot.Kind
	// Sections are the blocks, with those that are the document's own put
	// together so that each quotation is drawn as one.
	Sections     []section
	Sources      []sourceView
	RelatedLabel string
	Related      []bot.Choice
	Quiet        *bot.Contact
	Disclaimer   string
	// Rate is the ticket for a rating, or "".
	Rate string
	// Why is the ticket again, after "not helpful", or "".
	Why string
	// OwnPage links to the topic's own page, or is "".
	OwnPage string
	// Links says that related topics are links, and not buttons that ask.
	Links bool
	// Top is the level of the reply's own headings.
	Top int
}

// section is a run of blocks that are either all quoted or all the bot's own.
type section struct {
	Quoted bool
	Blocks []bot.Block
}

func (s *Server) viewReply(r bot.Reply, top int) replyView {
	v := replyView{
		Words: s.bot.Words(), Kind: r.Kind(), Sections: sections(r.Blocks()),
		Sources: viewSources(r), RelatedLabel: r.RelatedLabel(), Related: r.Related(),
		Disclaimer: r.Disclaimer(), Top: top,
	}
	if contacts := r.Contacts(); r.QuietLine() != "" && len(contacts) > 0 {
		v.Quiet = &contacts[len(contacts)-1]
	}
	return v
}

// Urgent reports whether the reply is for someone in danger.
func (v replyView) Urgent() bool { return v.Kind.Urgent() }

func sections(blocks []bot.Block) []section {
	var all []section
	for _, b := range blocks {
		quoted := b.Kind == bot.Quote || b.Kind == bot.List || b.Kind == bot.Checklist
		if n := len(all); n > 0 && all[n-1].Quoted == quoted {
			all[n-1].Blocks = append(all[n-1].Blocks, b)
			continue
		}
		all = append(all, section{Quoted: quoted, Blocks: []bot.Block{b}})
	}
	return all
}

// kindName is the kind of a block as the templates ask for it.
func kindName(k bot.BlockKind) string {
	switch k {
	case bot.Heading:
		return "heading"
	case bot.Quote:
		return "quote"
	case bot.List:
		return "list"
	case bot.Checklist:
		return "checklist"
	case bot.Note:
		return "note"
	case bot.Contacts:
		return "contacts"
	default:
		return "paragraph"
	}
}

// dial is a number as a tel: or sms: link has it: digits, and a plus in front.
func dial(number string) string {
	var b strings.Builder
	for i, c := range number {
		if c >= '0' && c <= '9' || c == '+' && i == 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// spanView is a run of text as the templates draw it. A title is the strong
// first line of a quotation (a study's name), and no sentence that matched.
type spanView struct {
	bot.Span
	Title bool
}

func viewSpans(spans []bot.Span) []spanView {
	all := make([]spanView, len(spans))
	for i, s := range spans {
		next := i+1 < len(spans) && strings.HasPrefix(spans[i+1].Text, "\n")
		all[i] = spanView{Span: s, Title: i == 0 && s.Strong && next}
	}
	return all
}

// sourceView is a source as the templates draw it. Quoted says that the reply
// quotes it under its title, so that its record alone says which it is.
type sourceView struct {
	bot.Source
	Quoted bool
}

// viewSources leaves out what is quoted with its title and has nothing to add.
func viewSources(r bot.Reply) []sourceView {
	titles := map[string]bool{}
	for _, b := range r.Blocks() {
		for _, s := range viewSpans(b.Spans) {
			titles[s.Text] = titles[s.Text] || s.Title
		}
	}
	var all []sourceView
	for _, s := range r.Sources() {
		v := sourceView{Source: s, Quoted: titles[s.Title]}
		if !v.Quoted || v.Detail != "" {
			all = append(all, v)
		}
	}
	return all
}
