package slack

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// drawing is a reply on its way to Block Kit: the reply's own blocks, then what
// a surface adds (buttons), then the disclaimer. Whatever the limits cut, they
// cut the reply's body: never a line of help, a button or the disclaimer.
//
// All words go into rich_text and plain_text, where Slack reads no markup, so
// that nothing in a document or a question can become a mention, a link or
// formatting. Only sources use mrkdwn, for their links, and are made literal.
type drawing struct {
	reply bot.Reply
	body  []slack.Block
	tail  []slack.Block
}

// draw lays out what every surface shows of a reply.
func draw(r bot.Reply) *drawing {
	d := &drawing{reply: r}
	for _, b := range r.Blocks() {
		d.body = append(d.body, block(b, len(d.body))...)
	}
	if sources := sourceLines(r.Sources()); len(sources) > 0 {
		d.body = append(d.body, slack.NewContextBlock("", sources...))
	}
	if q := r.QuietLine(); q != "" {
		d.tail = append(d.tail, paragraph([]bot.Span{{Text: q}})...)
	}
	return d
}

// add puts blocks between the body and the disclaimer.
func (d *drawing) add(blocks ...slack.Block) *drawing {
	d.tail = append(d.tail, blocks...)
	return d
}

// blocks returns at most limit blocks, the disclaimer last.
func (d *drawing) blocks(limit int) []slack.Block {
	last := slack.NewContextBlock("disclaimer", plain(cut(d.reply.Disclaimer(), maxContextText)))
	body := d.body
	if room := limit - len(d.tail) - 1; len(body) > room {
		body = shorten(body, room)
	}
	all := append(append([]slack.Block(nil), body...), d.tail...)
	return append(all, last)
}

// contactsID begins the ids of the blocks that hold lines of help.
const contactsID = "help-lines-"

// shorten keeps room blocks: the lines of help, and the first of the others.
func shorten(body []slack.Block, room int) []slack.Block {
	helping := 0
	for _, b := range body {
		if strings.HasPrefix(b.ID(), contactsID) {
			helping++
		}
	}
	var kept []slack.Block
	free := room - helping
	for _, b := range body {
		if strings.HasPrefix(b.ID(), contactsID) {
			kept = append(kept, b)
		} else if free > 0 {
			kept = append(kept, b)
			free--
		}
	}
	return kept
}

// message returns the parts of a Slack message.
func (d *drawing) message() []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(fallback(d.reply), false),
		slack.MsgOptionBlocks(d.blocks(maxBlocks)...),
	}
}

// fallback is the text of notifications and screen readers. If it must be cut,
// the lines of help and the disclaimer stay.
func fallback(r bot.Reply) string {
	text := escape(r.Text())
	if length(text) <= maxFallback {
		return text
	}
	end := escape(r.Disclaimer())
	for _, c := range r.Contacts() {
		end = escape(c.Text()) + "\n\n" + end
	}
	return cut(text, maxFallback-length(end)-2) + "\n\n" + end
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// block draws one part of a reply; a long one becomes several blocks. place tells
// the blocks of a message apart.
func block(b bot.Block, place int) []slack.Block {
	switch b.Kind {
	case bot.Heading:
		return []slack.Block{slack.NewHeaderBlock(plain(cut(b.Text(), maxHeader)))}
	case bot.Quote:
		return quote(b.Spans)
	case bot.List, bot.Checklist:
		return list(b.Items)
	case bot.Note:
		return []slack.Block{slack.NewContextBlock("", plain(cut(b.Text(), maxContextText)))}
	case bot.Contacts:
		return contacts(b.Contacts, place)
	default:
		return paragraph(b.Spans)
	}
}

func paragraph(spans []bot.Span) []slack.Block {
	var out []slack.Block
	for _, run := range runs(spans) {
		out = append(out, slack.NewRichTextBlock("", slack.NewRichTextSection(run...)))
	}
	return out
}

func quote(spans []bot.Span) []slack.Block {
	var out []slack.Block
	for _, run := range runs(spans) {
		out = append(out, slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: run}))
	}
	return out
}

// list draws as many bullet lists as its length needs.
func list(items [][]bot.Span) []slack.Block {
	var out []slack.Block
	var current []slack.RichTextElement
	used := 0
	flush := func() {
		if len(current) > 0 {
			out = append(out, slack.NewRichTextBlock("", newBullets(current)))
			current, used = nil, 0
		}
	}
	for _, item := range items {
		for _, run := range runs(item) {
			n := size(run)
			if used+n > maxRichText {
				flush()
			}
			current = append(current, slack.NewRichTextSection(run...))
			used += n
		}
	}
	flush()
	return out
}

// bullets is a bullet list with no more than Slack's own types say it has.
type bullets struct {
	Type     slack.RichTextElementType `json:"type"`
	Style    string                    `json:"style"`
	Elements []slack.RichTextElement   `json:"elements"`
}

func newBullets(items []slack.RichTextElement) bullets {
	return bullets{Type: slack.RTEList, Style: "bullet", Elements: items}
}

// RichTextElementType makes bullets a slack.RichTextElement.
func (b bullets) RichTextElementType() slack.RichTextElementType { return b.Type }

func contacts(lines []bot.Contact, place int) []slack.Block {
	var sections []slack.RichTextElement
	for _, c := range lines {
		name, rest, _ := strings.Cut(c.Text(), ": ")
		run := []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(name+": ", &slack.RichTextSectionTextStyle{Bold: true})}
		if rest != "" {
			run = append(run, slack.NewRichTextSectionTextElement(rest, nil))
		}
		sections = append(sections, slack.NewRichTextSection(run...))
	}
	if len(sections) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock(contactsID+strconv.Itoa(place), newBullets(sections))}
}

// runs turns spans into rich text, in runs of at most maxRichText units.
func runs(spans []bot.Span) [][]slack.RichTextSectionElement {
	var out [][]slack.RichTextSectionElement
	var run []slack.RichTextSectionElement
	used := 0
	for _, s := range spans {
		for _, piece := range split(s.Text, maxRichText) {
			if piece == "" {
				continue
			}
			if n := length(piece); used+n > maxRichText {
				out, run, used = append(out, run), nil, 0
			}
			run = append(run, element(s, piece))
			used += length(piece)
		}
	}
	if len(run) > 0 {
		out = append(out, run)
	}
	return out
}

func element(s bot.Span, text string) slack.RichTextSectionElement {
	var style *slack.RichTextSectionTextStyle
	if s.Strong {
		style = &slack.RichTextSectionTextStyle{Bold: true}
	}
	if s.Link != "" {
		return slack.NewRichTextSectionLinkElement(s.Link, text, style)
	}
	return slack.NewRichTextSectionTextElement(text, style)
}

func size(run []slack.RichTextSectionElement) int {
	n := 0
	for _, e := range run {
		switch e := e.(type) {
		case *slack.RichTextSectionTextElement:
			n += length(e.Text)
		case *slack.RichTextSectionLinkElement:
			n += length(e.Text)
		}
	}
	return n
}

// sourceLines draws up to nine sources; a context block holds ten elements.
func sourceLines(sources []bot.Source) []slack.MixedElement {
	var out []slack.MixedElement
	for _, s := range sources {
		if len(out) == 9 {
			break
		}
		title := literal(cut(s.Title, 300))
		if s.URL != "" && length(s.URL) < 1000 && !strings.ContainsAny(s.URL, "<>| ") {
			title = "<" + escape(s.URL) + "|" + title + ">"
		}
		if s.Detail != "" {
			title += " · " + literal(cut(s.Detail, 400))
		}
		out = append(out, slack.NewTextBlockObject(slack.MarkdownType, title, false, true))
	}
	return out
}
