package engine

import (
	"context"
	"errors"

	"kapbot/bot"
)

// Event is one thing that a person did on a platform and that wants one reply.
type Event struct {
	// Adapter names the platform ("slack"). ID is the platform's own id of the
	// event. The two together tell an event from a copy of it.
	Adapter, ID string

	// Workspace tells apart customers of one adapter (a Slack team, a Discord
	// guild), or is "". No workspace may fill more than half of its adapter's queue.
	Workspace string

	// Conversation is where the exchange goes on: a thread, a direct message.
	// Order is kept within it, and it is what a follow-up follows up on.
	Conversation string

	// Person and Channel are what the rate limits count by; "" is not limited.
	Person, Channel string

	// Message is what the person wrote.
	Message bot.Message

	// Unaddressed says that nobody called the bot: it speaks only if the reply
	// is Certain, and otherwise the event ends as Silent.
	Unaddressed bool

	// Respond makes the reply instead of the Answerer, if it is set: for a button
	// or a command that names what it wants. It must be quick and only compute,
	// because a second owner may call it again.
	Respond func(ctx context.Context, c bot.Conversation) (bot.Reply, bot.Conversation)

	// Deliver posts the reply. It is called only while this replica owns the
	// event; ctx ends when the claim is lost, so check ctx.Err() right before
	// the bytes leave. Retries that are safe on the platform belong in here. An error
	// means that the reply was not posted, or that nobody knows; it is logged, so it must
	// not quote the message.
	Deliver func(ctx context.Context, r bot.Reply) error

	// Delivered looks on the platform whether an earlier owner has already
	// posted the reply. It is asked only when an event is taken over. Nil means
	// that the platform cannot tell, or itself drops the second post.
	Delivered func(ctx context.Context) (bool, error)

	// Settled tells how it ended. It is called exactly once for each event that
	// Submit took, from another goroutine, and must not block. Nil is allowed.
	Settled func(o Outcome)
}

// Outcome says how an event ended.
type Outcome int

// The outcomes.
const (
	_         Outcome = iota
	Answered          // a reply was posted, by this owner or by an earlier one that could not say so
	Duplicate         // handled before, by this replica or another
	Limited           // dropped in silence: too many messages, and the person was told
	Silent            // nobody addressed the bot, and it was not sure
	Failed            // not answered: let the platform try again
)

// Acknowledge reports whether the platform may forget the event.
func (o Outcome) Acknowledge() bool { return o != 0 && o != Failed }

// String is the outcome as a metric's label shows it.
func (o Outcome) String() string {
	switch o {
	case Answered:
		return "answered"
	case Duplicate:
		return "duplicate"
	case Limited:
		return "limited"
	case Silent:
		return "silent"
	case Failed:
		return "failed"
	default:
		return "unknown"
	}
}

// Errors of Submit. After any of them the event was not taken: do not
// acknowledge it, and Settled is not called.
var (
	// ErrFull says that the queue of the adapter, or the workspace's half of it, is full.
	ErrFull = errors.New("engine: queue full")
	// ErrClosed says that the engine is draining or has drained.
	ErrClosed = errors.New("engine: closed")
	// ErrInvalid says that the event lacks an adapter, an id, a conversation or Deliver.
	ErrInvalid = errors.New("engine: event without adapter, id, conversation or Deliver")
)

func (v Event) valid() bool {
	return v.Adapter != "" && v.ID != "" && v.Conversation != "" && v.Deliver != nil
}
