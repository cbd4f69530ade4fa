package bot

import "kapbot/kb"

// Welcome opens a conversation: what this is, that it is a program, what not to
// share. Related holds the topics.
func (b *Bot) Welcome() Reply { return b.withTopics(b.words.Welcome...) }

// Help says what can be asked, with the topics in Related.
func (b *Bot) Help() Reply { return b.withTopics(b.words.Help) }

// Ask stands over a form in which a person may type a question.
func (b *Bot) Ask() Reply { return b.notice(Help, b.words.Help) }

// Privacy says what is kept of what people type.
func (b *Bot) Privacy() Reply { return b.notice(Notice, b.words.Forget) }

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

// Sent says that a reply was sent in a direct message.
func (b *Bot) Sent() Reply { return b.notice(Notice, b.words.Sent) }

// Settings stands over the settings of a server that many people share.
func (b *Bot) Settings() Reply { return b.notice(Notice, b.words.Community.Settings) }

// Posted says that an answer was posted for a moderator.
func (b *Bot) Posted() Reply { return b.notice(Notice, b.words.Community.Posted) }

// NoMatch says that nothing fits what was typed so far.
func (b *Bot) NoMatch() Reply { return b.notice(Notice, b.words.NoMatch) }

// Alert tells moderators to look in on someone. The adapter says who and where
// beside it; what was said is never in it.
func (b *Bot) Alert() Reply { return b.notice(Notice, b.words.Labels.Alert) }

// CrisisLine shows the lines of help of a region, for places such as a home tab.
func (b *Bot) CrisisLine(locale string) Reply {
	d := draft{kind: Notice, blocks: []Block{
		say(b.words.QuietLine), {Kind: Contacts, Contacts: b.regionFor(locale).Lines}}}
	return b.words.seal(d)
}

// Standing is the help that an adapter keeps in sight after an urgent reply of
// kind k: for an emergency the number to dial first, then the lines of help.
func (b *Bot) Standing(k Kind, locale string) Reply {
	contacts := b.regionFor(locale).Lines
	if k == Emergency {
		contacts = b.emergencyContacts(b.regionFor(locale))
	}
	return b.words.seal(draft{kind: Notice, blocks: []Block{{Kind: Contacts, Contacts: contacts}}})
}

func (b *Bot) withTopics(lines ...string) Reply {
	d := draft{kind: Help}
	for _, line := range lines {
		d.blocks = append(d.blocks, say(line))
	}
	b.shelf.use(func(lib *kb.Library) { d.related = choices(questions(lib)) })
	return b.words.seal(d)
}

func (b *Bot) notice(k Kind, lines ...string) Reply {
	d := draft{kind: k}
	for _, line := range lines {
		d.blocks = append(d.blocks, say(line))
	}
	return b.words.seal(d)
}
