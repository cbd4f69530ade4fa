package bot

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"kapbot/bot/triage"
	"kapbot/kb"
)

// Bot turns messages into replies. It is safe for concurrent use.
type Bot struct {
	words   *Words
	regions Regions
	region  string
	shelf   shelf
}

// Options are the settings of a Bot. The zero value is the built-in document in
// English for the United States.
type Options struct {
	// Documents are the paths of Markdown files to add to the built-in document.
	Documents []string
	// Cache is a directory in which what a large library needs at every start is
	// kept; see DefaultCache. With "", nothing is written.
	Cache string
	// Region is the code of the region whose lines of help are shown; "" is "US".
	Region string
	// Regions adds to the built-in regions or replaces them.
	Regions Regions
}

const defaultRegion = "US"

// New reads the documents and returns a Bot that answers from them. Close frees
// what it holds.
func New(ctx context.Context, o Options) (*Bot, error) {
	regions, err := BuiltinRegions()
	if err != nil {
		return nil, err
	}
	maps.Copy(regions, o.Regions)
	b := &Bot{words: English(), regions: regions, region: strings.ToUpper(o.Region)}
	if b.region == "" {
		b.region = defaultRegion
	}
	if _, ok := regions[b.region]; !ok {
		return nil, fmt.Errorf("there is no region %q; use one of %s", o.Region, strings.Join(regions.codes(), ", "))
	}
	source := kb.Options{Documents: o.Documents, Cache: o.Cache}
	lib, err := kb.Open(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("open documents: %w", err)
	}
	b.shelf.lib, b.shelf.source = lib, source
	return b, nil
}

// Reply answers m. It takes what the conversation remembers and returns what it
// remembers now. It never fails and never returns a Reply without the
// disclaimer: what cannot be answered is said to be so. Triage comes first and
// needs nothing that can fail.
func (b *Bot) Reply(ctx context.Context, m Message, c Conversation) (Reply, Conversation) {
	now := time.Now()
	c = c.current(now)
	found := triage.Assess(m.Text)
	t := turn{bot: b, message: m, talk: c, region: b.regionFor(m.Locale)}
	var d draft
	b.shelf.use(func(lib *kb.Library) {
		t.lib = lib
		d = t.respond(ctx, found)
	})
	if found.Resources || !c.CrisisUntil.IsZero() {
		d.resources = true
	}
	d.quiet = t.region.Lines
	r := b.words.seal(d)
	return r, c.after(r, now)
}

// turn is one message on its way to a reply.
type turn struct {
	bot     *Bot
	lib     *kb.Library
	message Message
	talk    Conversation
	region  Region
}

// respond goes the message's way: triage's finding, small talk, what is known
// word for word, a study named by its author, and then the model's decision.
func (t *turn) respond(ctx context.Context, found triage.Assessment) draft {
	switch found.Class {
	case triage.Crisis, triage.CrisisForAnother:
		return t.crisis(ctx, found)
	case triage.Emergency:
		return t.emergency()
	case triage.Dosing:
		return t.redirect(Dosing, "dose")
	case triage.Obtain:
		return t.redirect(Obtain, "which-clinic-near-me")
	case triage.MedicalAdvice:
		return t.redirect(MedicalAdvice, "other-medications")
	}
	if d, ok := t.smallTalk(); ok {
		return d
	}
	if d, ok := t.known(ctx); ok {
		return d
	}
	if study := t.lib.NamedStudy(t.message.Text); study != nil {
		return t.answer(ctx, study, 1)
	}
	return t.compose(ctx, t.decide())
}

// compose turns a decision into a draft.
func (t *turn) compose(ctx context.Context, d decision) draft {
	switch d.kind {
	case Answer:
		reply := t.answer(ctx, d.topics[0], d.probability)
		reply.certain = d.certain
		return reply
	case Clarify:
		return t.clarify(d)
	case SmallTalk:
		return t.line(SmallTalk, t.bot.words.Chat)
	default:
		return t.notCovered(d)
	}
}
