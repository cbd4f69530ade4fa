package bot

import "strings"

// BlockKind says what part a Block plays in a reply.
type BlockKind int

// The kinds of block, as an adapter may want to draw them.
const (
	Paragraph BlockKind = iota // the bot's own words
	Heading                    // a topic's question
	Quote                      // the document's own words: draw them as a quotation
	List                       // the document's own list
	Checklist                  // the document's list of things to tick off
	Note                       // our remark beside the document's words; never inside a quotation
	Contacts                   // lines of help, most fitting first
)

// Block is one part of a reply. Spans is set for paragraphs, headings, quotes
// and notes; Items for lists and checklists; Contacts for lines of help.
type Block struct {
	Kind     BlockKind
	Spans    []Span
	Items    [][]Span
	Contacts []Contact
}

// Span is a run of text in one style. The text is plain: an adapter escapes it
// for its platform.
type Span struct {
	Text   string
	Strong bool   // the sentence that matched the question
	Link   string // an https address, or ""
}

// Contact is one line of help.
type Contact struct {
	Name string `toml:"name"`          // "988 Suicide & Crisis Lifeline"
	Tel  string `toml:"tel,omitempty"` // digits to dial, as written locally
	SMS  string `toml:"sms,omitempty"` // number to text, or ""
	Say  string `toml:"say,omitempty"` // what to text or press, or ""
	URL  string `toml:"url,omitempty"` // an https address, or ""
	// Seen is the page on which the number was seen, and SeenOn the date.
	Seen   string `toml:"seen,omitempty"`
	SeenOn string `toml:"seen_on,omitempty"`
}

func plain(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Text is the block as plain text, without a trailing line break.
func (b Block) Text() string {
	switch b.Kind {
	case List, Checklist:
		lines := make([]string, len(b.Items))
		for i, item := range b.Items {
			lines[i] = "- " + plain(item)
		}
		return strings.Join(lines, "\n")
	case Contacts:
		lines := make([]string, len(b.Contacts))
		for i, c := range b.Contacts {
			lines[i] = c.Text()
		}
		return strings.Join(lines, "\n")
	default:
		return plain(b.Spans)
	}
}

// Text is the contact in one line: "988 Suicide & Crisis Lifeline: call or text 988".
func (c Contact) Text() string {
	var ways []string
	switch {
	case c.Tel != "" && c.Tel == c.SMS:
		ways = append(ways, "call or text "+c.Tel)
	default:
		if c.Tel != "" {
			ways = append(ways, "call "+c.Tel)
		}
		if c.SMS != "" {
			ways = append(ways, "text "+c.SMS)
		}
	}
	if c.URL != "" {
		ways = append(ways, strings.TrimPrefix(c.URL, "https://"))
	}
	line := c.Name + ": " + strings.Join(ways, ", ")
	if c.Say != "" {
		line += " (" + c.Say + ")"
	}
	return line
}
