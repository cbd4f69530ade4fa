package bot

import (
	"context"
	"time"
)

// Topic is a topic as an adapter may list it.
type Topic struct {
	ID       string `json:"id"`
	Question string `json:"question"`
}

// Bot turns messages into replies. It is safe for concurrent use.
type Bot struct {
	words   *Words
	regions Regions
	region  string
}

// Options are the settings of a Bot. The zero value is the built-in document in
// English for the United States.
type Options struct {
	// Region is the code of the region whose lines of help are shown ("US").
	Region string
	// Regions adds to the built-in regions or replaces them.
	Regions Regions
}

// Reply answers m. It takes what the conversation remembers and returns what it
// remembers now. It never fails and never returns a Reply without the
// disclaimer: what cannot be answered is said to be so.
func (b *Bot) Reply(ctx context.Context, m Message, c Conversation) (Reply, Conversation) {
	now := time.Now()
	c = c.current(now)
	r := b.Help()
	return r, c.after(r, now)
}

// Words are the words that the bot speaks, for the labels on buttons.
func (b *Bot) Words() *Words { return b.words }

// Topics lists the topics of all documents, in reading order.
func (b *Bot) Topics() []Topic { return nil }

// Complete lists up to n topics whose question fits what a person has typed so far.
func (b *Bot) Complete(ctx context.Context, typed string, n int) []Topic { return nil }

// Conditions lists the conditions that the studies are about, for Evidence.
func (b *Bot) Conditions() []string { return nil }

// Revision is a short hash of the documents that the bot answers from.
func (b *Bot) Revision() string { return "" }

// Show returns the whole topic, and whether there is one with that id.
func (b *Bot) Show(id string) (Reply, bool) { return b.Failure(), false }

// Evidence returns the studies on a condition, or all of them for "".
func (b *Bot) Evidence(condition string) Reply { return b.Failure() }

// Checklist returns the checklist for choosing a provider: its Checklist block
// holds the items in order.
func (b *Bot) Checklist() Reply { return b.Failure() }

// Missing returns what is left to ask a provider about, when the items with the
// indexes in ticked are there.
func (b *Bot) Missing(ticked []int) Reply { return b.Failure() }

// Welcome opens a conversation: what this is, that it is a program, what not to share.
func (b *Bot) Welcome() Reply { return b.notice(Help, b.words.Welcome...) }

// Help says what can be asked, with all topics in Related.
func (b *Bot) Help() Reply { return b.notice(Help, b.words.Help) }

// SlowDown asks a person to wait.
func (b *Bot) SlowDown() Reply { return b.notice(SlowDown, b.words.SlowDown) }

// Failure says honestly that something broke.
func (b *Bot) Failure() Reply { return b.notice(Failure, b.words.Failure) }

// Rated thanks for a rating.
func (b *Bot) Rated() Reply { return b.notice(Notice, b.words.Rated) }

// Deleted says that an answer was deleted.
func (b *Bot) Deleted() Reply { return b.notice(Notice, b.words.Deleted) }

// NotYours says that someone else may do that.
func (b *Bot) NotYours() Reply { return b.notice(Notice, b.words.NotYours) }

// Saved says that settings were saved.
func (b *Bot) Saved() Reply { return b.notice(Notice, b.words.Saved) }

// NoMatch says that nothing fits what was typed so far.
func (b *Bot) NoMatch() Reply { return b.notice(Notice, b.words.NoMatch) }

// Alert tells moderators to look in on someone. The adapter says who and where
// beside it; what was said is never in it.
func (b *Bot) Alert() Reply { return b.notice(Notice, b.words.Labels.Alert) }

// Ask returns the prompt that stands over a form in which a person may type.
func (b *Bot) Ask() Reply { return b.notice(Notice, b.words.Help) }

func (b *Bot) notice(k Kind, lines ...string) Reply {
	d := draft{kind: k}
	for _, line := range lines {
		d.blocks = append(d.blocks, say(line))
	}
	return b.words.seal(d)
}

// New returns a Bot.
func New(o Options) (*Bot, error) {
	regions, err := BuiltinRegions()
	if err != nil {
		return nil, err
	}
	for code, r := range o.Regions {
		regions[code] = r
	}
	return &Bot{words: English(), regions: regions, region: o.Region}, nil
}
