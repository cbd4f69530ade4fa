package bot

// Message is what a person wrote, stripped of everything that only a platform
// knows. Nothing of it is kept after the reply is made.
type Message struct {
	// Text is what the person typed, without the mention of the bot.
	Text string
	// Direct says that one person is alone with the bot: a direct message, a
	// terminal, the web page. A reply there needs no private delivery.
	Direct bool
	// Locale is the person's language and region as a BCP 47 tag ("en-GB"),
	// or "" if the platform does not say. It may choose the crisis lines.
	Locale string
}
