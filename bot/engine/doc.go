// Package engine is the room that every adapter's messages pass through. An
// adapter turns what its platform sends into an Event and submits it:
//
//	e := engine.New(bot, store, engine.Options{})
//	err := e.Submit(ctx, engine.Event{
//		Adapter: "slack", ID: eventID, Conversation: channel + "/" + thread,
//		Person: user, Channel: channel,
//		Message: bot.Message{Text: text},
//		Deliver: func(ctx context.Context, r bot.Reply) error { return post(ctx, channel, r) },
//		Settled: func(o engine.Outcome) {
//			if o.Acknowledge() {
//				ack()
//			}
//		},
//	})
//	if err != nil {
//		return // full or closing: do not acknowledge, the platform tries again
//	}
//
// # An event's way
//
// Submit puts the event into the bounded queue of its adapter and returns at
// once. Events of one conversation are handled one after another, in the order
// of Submit; conversations run side by side, each in a goroutine of its own, so
// that one slow workspace delays no other. For each event the engine
//
//  1. claims it in the Store, so that no other replica works on it, and gets the
//     Conversation as the last message left it;
//  2. asks the bot, and then the rate limits: someone in danger is never limited;
//  3. checks that the claim still holds, and calls Deliver;
//  4. finishes: the event is marked done, the new Conversation is kept and the
//     reply is counted, all in one transaction;
//  5. calls Settled, and the adapter acknowledges.
//
// # Exactly once, with nothing at rest
//
// A claim is a row with a time to live, renewed while the work goes on, and a
// fencing token that grows with each owner. If a replica dies or freezes, its
// claim runs out and the next copy of the event takes over, wherever it
// arrives; a copy that arrives too early waits, in memory only. Whoever takes
// over asks Delivered first whether an earlier owner has posted. An owner that
// wakes up too late finds its token outgrown and posts nothing.
//
// # When the store is away
//
// Triage and retrieval need no store, so the bot goes on answering: claims,
// conversations and counts move to memory, Health says so, and when the store
// is back what was done meanwhile is written to it.
//
// # Privacy
//
// No text of a message reaches the Store, a log, a metric or an error. Ids of
// events, conversations and people are hashed before they leave this package.
// The one exception is asked for by name: with Options.KeepUnanswered the
// wording of a question that no document covers is kept after Redact took out
// what could name someone.
package engine
