package bot

import (
	"slices"
	"strings"
)

// Reply is what leaves the bot: the only thing an adapter may send. Its fields
// are unexported and one function in this package fills them, so no other
// package can write one down without the disclaimer. The zero Reply is an
// honest apology, disclaimer and all.
type Reply struct {
	d     draft
	words *Words
}

// draft is a reply before it is sealed.
type draft struct {
	kind       Kind
	reason     Reason
	topic      string
	confidence float64
	certain    bool
	blocks     []Block
	sources    []Source
	related    []Choice
	resources  bool
	quiet      []Contact // the line of help under an ordinary reply
	private    bool
	alert      bool
	rateable   bool
}

// Source is where the words of an answer come from.
type Source struct {
	ID    string // topic id
	Title string // the document's or the study's title
	URL   string // page or DOI link, or ""
	// Detail is the bibliographic record in one line, or "".
	Detail string
}

// Choice is a topic that a person can pick.
type Choice struct {
	ID       string // topic id
	Question string // the topic's heading
}

// seal is the one way to make a Reply.
func (w *Words) seal(d draft) Reply {
	if len(d.blocks) == 0 {
		d.blocks = []Block{say(w.Failure)}
	}
	return Reply{d: d, words: w}
}

func (r Reply) vocabulary() *Words {
	if r.words == nil {
		return English()
	}
	return r.words
}

// Kind is the sort of reply.
func (r Reply) Kind() Kind {
	if r.d.kind == "" {
		return Failure
	}
	return r.d.kind
}

// Reason says why, if Kind is Redirect.
func (r Reply) Reason() Reason { return r.d.reason }

// Topic is the id of the topic that answers, or of the subject that is not
// covered, or "".
func (r Reply) Topic() string { return r.d.topic }

// Confidence is the calibrated probability, 0 to 1, that the best topic answers.
func (r Reply) Confidence() float64 { return r.d.confidence }

// Certain reports whether the reply is sure enough, or urgent enough, to be
// given where nobody addressed the bot.
func (r Reply) Certain() bool { return r.d.certain || r.Kind().Urgent() }

// Blocks are the parts of the reply in reading order. Sources, related topics,
// the quiet line and the disclaimer come after them, in that order.
func (r Reply) Blocks() []Block {
	if len(r.d.blocks) == 0 {
		return []Block{say(r.vocabulary().Failure)}
	}
	return slices.Clone(r.d.blocks)
}

// SourceLabel introduces each of Sources.
func (r Reply) SourceLabel() string { return r.vocabulary().Source }

// Sources says where the document's words come from.
func (r Reply) Sources() []Source { return slices.Clone(r.d.sources) }

// Related holds at most three topics, best first: the choices of a Clarify, the
// nearest topics of a NotCovered, what to read next after an Answer; for Help,
// every topic but the studies.
func (r Reply) Related() []Choice { return slices.Clone(r.d.related) }

// RelatedLabel introduces Related ("Did you mean", "See also", …), or "".
func (r Reply) RelatedLabel() string {
	if len(r.d.related) == 0 {
		return ""
	}
	w := r.vocabulary()
	switch r.Kind() {
	case Clarify:
		return w.DidYouMean
	case Help, SmallTalk:
		return w.YouCanAsk
	case NotCovered, Redirect:
		return w.Nearest
	default:
		return w.SeeAlso
	}
}

// Resources reports whether the reply shows where help is to be had.
func (r Reply) Resources() bool { return r.d.resources || r.Kind().Urgent() }

// QuietLine is the one line of help under an ordinary reply, or "".
func (r Reply) QuietLine() string {
	if !r.d.resources || len(r.d.quiet) == 0 || r.Kind().Urgent() {
		return ""
	}
	return r.vocabulary().QuietLine + " " + r.d.quiet[0].Text()
}

// Private asks the adapter for the most private delivery that the platform has.
func (r Reply) Private() bool { return r.d.private }

// Alert asks the adapter to tell the operator's moderators who and where, never
// what was said.
func (r Reply) Alert() bool { return r.d.alert }

// Rateable reports whether it makes sense to ask "was this helpful?".
func (r Reply) Rateable() bool { return r.d.rateable }

// Disclaimer is the sentence that every message carries.
func (r Reply) Disclaimer() string { return r.vocabulary().Disclaimer }

// Heading is the text of the first heading, or "".
func (r Reply) Heading() string {
	for _, b := range r.d.blocks {
		if b.Kind == Heading {
			return b.Text()
		}
	}
	return ""
}

// Contacts are the lines of help that the reply shows, most fitting first.
func (r Reply) Contacts() []Contact {
	var all []Contact
	for _, b := range r.d.blocks {
		all = append(all, b.Contacts...)
	}
	if r.QuietLine() != "" {
		all = append(all, r.d.quiet[0])
	}
	return all
}

// Text is all that a person would read, as plain text, disclaimer last.
func (r Reply) Text() string {
	var parts []string
	for _, b := range r.Blocks() {
		parts = append(parts, b.Text())
	}
	if len(r.d.sources) > 0 {
		lines := make([]string, len(r.d.sources))
		for i, s := range r.d.sources {
			lines[i] = r.SourceLabel() + " " + s.Text()
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	if len(r.d.related) > 0 {
		lines := []string{r.RelatedLabel()}
		for i, c := range r.d.related {
			lines = append(lines, numbered(i, c.Question))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	if q := r.QuietLine(); q != "" {
		parts = append(parts, q)
	}
	parts = append(parts, r.Disclaimer())
	return strings.Join(parts, "\n\n")
}

// Text is the source in one line: a study's record, or else the title.
func (s Source) Text() string {
	parts := []string{s.Title}
	if s.Detail != "" {
		parts = []string{s.Detail}
	}
	if s.URL != "" {
		parts = append(parts, s.URL)
	}
	return strings.Join(parts, " · ")
}
