// Package bot decides what to say. A Message goes in, a Reply comes out:
//
//	b, err := bot.New(context.Background(), bot.Options{})
//	reply, conversation := b.Reply(ctx, bot.Message{Text: "What is KAP?", Direct: true}, bot.Conversation{})
//	fmt.Println(reply.Text())
//
// # A message's way
//
// Bot.Reply triages first: someone in danger, or a request for a dose, a source
// of the drug or personal advice, is answered without any search. Then it
// recalls, completing a follow-up ("and for PTSD?") by the conversation's last
// topic. Then it decides: answer, ask back, or say that the document does not
// cover it. Last it composes the reply, in the document's own words.
//
// # The sealed reply
//
// Reply has only unexported fields, and Words.seal is the one function that
// fills them. Another package cannot write bot.Reply{kind: …}: it does not
// compile. It can write bot.Reply{}, and that is an apology with the disclaimer.
// So there is no way to send a message without it; a test compiles both.
//
// # Where the words are
//
// All that the bot itself says stands in words/en.toml; lines of help by region
// stand in regions.toml; the rest is quoted from the documents of package kb.
package bot
