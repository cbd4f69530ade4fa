package terminal

import (
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"kapbot/bot"
)

const (
	minWidth = 30
	maxWidth = 88 // longer lines are hard to read
)

// style is what a terminal can show. The zero style is plain text, not wrapped.
type style struct {
	width int // columns, or 0 not to wrap
	color bool
	links bool
}

func newStyle(getenv func(string) string) style {
	dumb := getenv("TERM") == "dumb" || getenv("TERM") == ""
	return style{color: getenv("NO_COLOR") == "" && !dumb, links: !dumb && showsLinks(getenv)}
}

// showsLinks reports whether the terminal is one that is known to make OSC 8
// hyperlinks clickable; others would print nothing wrong, but nothing useful.
func showsLinks(getenv func(string) string) bool {
	if vte, err := strconv.Atoi(getenv("VTE_VERSION")); err == nil && vte >= 5000 {
		return true
	}
	switch getenv("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio":
		return true
	}
	t := getenv("TERM")
	return getenv("WT_SESSION") != "" || getenv("KONSOLE_VERSION") != "" || getenv("KITTY_WINDOW_ID") != "" ||
		strings.Contains(t, "kitty") || strings.Contains(t, "ghostty") || strings.HasPrefix(t, "foot") || t == "alacritty"
}

// widthOf is the width to wrap to.
func widthOf(f *os.File) int {
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil || w <= 0 {
		return maxWidth
	}
	return min(max(w, minWidth), maxWidth)
}

func (s style) paint(codes ansi.Style, text string) string {
	if !s.color || text == "" {
		return text
	}
	return codes.Styled(text)
}

func (s style) promptText() string { return s.paint(ansi.Style{}.Bold(), prompt) }

// render is the whole reply, ready to print, without a trailing line break.
func (s style) render(r bot.Reply) string {
	var parts []string
	for _, b := range r.Blocks() {
		parts = append(parts, s.block(b))
	}
	if src := r.Sources(); len(src) > 0 {
		parts = append(parts, s.sources(r.SourceLabel(), src))
	}
	if related := r.Related(); len(related) > 0 {
		lines := []string{s.wrap(r.RelatedLabel(), "", "")}
		for i, c := range related {
			n := strconv.Itoa(i+1) + ". "
			lines = append(lines, s.wrap(clean(c.Question), s.paint(ansi.Style{}.Bold(), n), strings.Repeat(" ", len(n))))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	if q := r.QuietLine(); q != "" {
		parts = append(parts, s.wrap(clean(q), "", ""))
	}
	parts = append(parts, s.paint(ansi.Style{}.Faint(), s.wrap(clean(r.Disclaimer()), "", "")))
	return strings.Join(parts, "\n\n")
}

func (s style) block(b bot.Block) string {
	switch b.Kind {
	case bot.Heading:
		return s.paint(ansi.Style{}.Bold(), s.wrap(clean(b.Text()), "", ""))
	case bot.Quote:
		bar := ""
		if s.color {
			bar = "│ "
		}
		return s.wrap(s.spans(b.Spans), bar, bar)
	case bot.Note:
		return s.paint(ansi.Style{}.Italic(true), s.wrap(clean(b.Text()), "", ""))
	case bot.List, bot.Checklist:
		mark := "- "
		if b.Kind == bot.Checklist && s.color {
			mark = "☐ "
		}
		lines := make([]string, len(b.Items))
		for i, item := range b.Items {
			lines[i] = s.wrap(s.spans(item), mark, "  ")
		}
		return strings.Join(lines, "\n")
	case bot.Contacts:
		lines := make([]string, len(b.Contacts))
		for i, c := range b.Contacts {
			lines[i] = s.paint(ansi.Style{}.Bold(), s.wrap(clean(c.Text()), "", "  "))
		}
		return strings.Join(lines, "\n")
	default:
		return s.wrap(s.spans(b.Spans), "", "")
	}
}

func (s style) sources(label string, sources []bot.Source) string {
	lines := make([]string, len(sources))
	for i, src := range sources {
		text := clean(src.Text())
		if src.URL != "" && s.links {
			text = strings.TrimSuffix(text, clean(src.URL)) + ansi.SetHyperlink(src.URL) + clean(src.URL) + ansi.ResetHyperlink()
		}
		lines[i] = s.wrap(label+" "+text, "", "  ")
	}
	return s.paint(ansi.Style{}.Faint(), strings.Join(lines, "\n"))
}

func (s style) spans(spans []bot.Span) string {
	var b strings.Builder
	for _, span := range spans {
		text := clean(span.Text)
		if span.Strong {
			text = s.paint(ansi.Style{}.Bold(), text)
		}
		if span.Link != "" && s.links {
			text = ansi.SetHyperlink(span.Link) + text + ansi.ResetHyperlink()
		}
		b.WriteString(text)
	}
	return b.String()
}

// wrap folds text to the width, its first line behind first and the others
// behind rest.
func (s style) wrap(text, first, rest string) string {
	if s.width > 0 {
		// Wordwrap may leave a hyphen one column over its limit.
		text = ansi.Wordwrap(text, s.width-1-max(ansi.StringWidth(first), ansi.StringWidth(rest)), "")
	}
	return first + strings.ReplaceAll(text, "\n", "\n"+rest)
}

// clean takes control characters out of a document's words, so that no document
// can move the cursor or recolour the screen.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) {
			return r
		}
		return -1
	}, text)
}
