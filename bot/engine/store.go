package engine

import (
	"context"
	"errors"
	"time"

	"kapbot/bot"
)

// Store is what the engine keeps between two messages, and all of it. There
// are three: NewMemory here, adapters/sqlite for one process, adapters/postgres
// for replicas. enginetest.TestStore holds each of them to this contract:
//
//   - All methods may be called from many goroutines, and through several Stores
//     on one database, at the same time.
//   - What a method returned nil for survives kill -9 (except in memory).
//   - Each method is one transaction: a caller or a crash sees all of it or
//     nothing.
//   - "Now" is one clock for all who share the database: the database's own. A
//     time to live of zero or less has run out before the method returns.
//   - What has run out is never returned, whether or not Prune has removed it.
//   - An error that is not one of this package's means that the database
//     could not be reached or used, and that nobody knows what was written. To call
//     again is safe then.
//   - No method blocks longer than its ctx.
type Store interface {
	Claims
	Ratings
	Leases
	Settings

	// Report sums up what was counted from since (inclusive) until until
	// (exclusive), both rounded down to the hour, oldest first.
	Report(ctx context.Context, since, until time.Time) (Report, error)

	// Prune removes what has run out, in as many transactions as it likes. The engine
	// calls it once a minute.
	Prune(ctx context.Context) error

	// Ping says whether the store can be written to.
	Ping(ctx context.Context) error

	// Close lets go of the database. Later calls fail.
	Close() error
}

// Claims make sure that each event is handled by one owner at a time and is
// finished once.
type Claims interface {
	// Claim takes hold of an event for ttl. It fails with ErrDone if the event was
	// finished, and with a *HeldError (which is ErrHeld) while another claim on the event,
	// or on another event of the same conversation, has not run out. A claim
	// that has run out or was released may be taken by anyone; the ticket's Fence is
	// then larger than before.
	Claim(ctx context.Context, event, conversation Key, owner string, ttl time.Duration) (Ticket, error)

	// Holds says whether the event is still the ticket's: ErrFenced, as from Renew, if it is
	// not. It only reads.
	Holds(ctx context.Context, t Ticket) error

	// Renew lets a claim run for ttl from now. It fails with ErrFenced if the
	// event was finished or someone else has claimed it. A claim that ran out and that nobody
	// took is renewed.
	Renew(ctx context.Context, t Ticket, ttl time.Duration) error

	// Release gives a claim up without finishing, so that the next copy of the
	// event can be claimed at once. Releasing what is no longer held does nothing.
	Release(ctx context.Context, t Ticket) error

	// Finish marks the event done for Remember, keeps the conversation (unless another
	// event has claimed that meanwhile) and counts the reply. It fails with ErrFenced if someone else has claimed the event. To
	// finish again with the same ticket does nothing and succeeds, so that it may be
	// repeated after an error.
	Finish(ctx context.Context, t Ticket, r Record) error

	// CatchUp finishes events that were handled while the store was away, whether or not
	// they are claimed: whoever has a claim on one is fenced. Events that are finished already stay
	// as they are, so that it may be repeated after an error. A conversation
	// is kept unless another event has claimed it meanwhile.
	CatchUp(ctx context.Context, all []Finished) error
}

// Finished is an event that was handled without the store.
type Finished struct {
	Event, Conversation Key
	Record              Record
}

// Ticket is the right to handle an event.
type Ticket struct {
	Event, Conversation Key
	// Fence is 1 for the first owner of an event and grows with each one after.
	Fence int64
	// State is what Finish kept for the conversation, or nil.
	State []byte
}

// Remember is how long a finished event is known. Slack tries again for 5
// minutes and has been seen to be 8 minutes late; Discord replays what a lost
// session missed.
const Remember = 30 * time.Minute

// Record is what is kept of a handled event.
type Record struct {
	// State is the conversation to find again for Keep.
	State []byte
	Keep  time.Duration
	// Tally is what is counted; nil counts nothing.
	Tally *Tally
}

// Tally says what a reply is counted as.
type Tally struct {
	At      time.Time // counted by the hour, in UTC
	Adapter string
	Kind    bot.Kind
	Topic   string // a topic's or a subject's id, or ""
	// Wording is the redacted question, or "" to keep none.
	Wording string
}

// Ratings keeps what people thought of an answer.
type Ratings interface {
	// Rate keeps a rating. A second one with the same key replaces the first: a
	// person who changes their mind is counted once.
	Rate(ctx context.Context, key Key, r Rating) error
}

// Rating is one person's opinion of one answer. It holds no words of theirs.
type Rating struct {
	At      time.Time
	Topic   string
	Helpful bool
	Reason  Reason // why not, or ""
}

// Reason is why an answer did not help, chosen from a list.
type Reason string

// The reasons that can be chosen.
const (
	NoReason    Reason = ""
	OffTopic    Reason = "off_topic"     // not what was asked
	TooLong     Reason = "too_long"      // too much to read
	Unclear     Reason = "unclear"       // hard to understand
	OutOfDate   Reason = "out_of_date"   // no longer right
	WantsAction Reason = "wants_contact" // wanted a person, not an answer
)

// Reasons lists the reasons that a person may choose from, in the order to show.
func Reasons() []Reason { return []Reason{OffTopic, TooLong, Unclear, OutOfDate, WantsAction} }

// Leases give one owner at a time a name: a Discord shard, a job.
type Leases interface {
	// Lease takes name for owner, or renews it if owner has it already, for ttl from
	// now. It fails with ErrHeld while someone else has it. The Fence grows each
	// time that the name changes hands or had run out.
	Lease(ctx context.Context, name, owner string, ttl time.Duration) (Lease, error)

	// Unlease gives the name back. Giving back what is no longer held does nothing.
	Unlease(ctx context.Context, l Lease) error
}

// Lease is the right to a name.
type Lease struct {
	Name, Owner string
	Fence       int64
}

// Settings keeps small values: a guild's choices, a workspace's (encrypted)
// tokens. A scope is a folder ("discord/guild"), a name is a file in it.
type Settings interface {
	// Setting returns a value, or ErrNoSetting.
	Setting(ctx context.Context, scope, name string) ([]byte, error)
	// SetSetting writes a value; nil removes it.
	SetSetting(ctx context.Context, scope, name string, value []byte) error
	// ListSettings returns the names in a scope, sorted.
	ListSettings(ctx context.Context, scope string) ([]string, error)
}

// Errors of a Store. Compare with errors.Is.
var (
	ErrDone      = errors.New("store: event already handled")
	ErrHeld      = errors.New("store: held by another")
	ErrFenced    = errors.New("store: no longer held")
	ErrNoSetting = errors.New("store: no such setting")
)

// HeldError is an ErrHeld that knows how long the holder's claim still runs
// if it is not renewed.
type HeldError struct{ For time.Duration }

func (e *HeldError) Error() string { return ErrHeld.Error() }

// Is makes errors.Is(err, ErrHeld) true.
func (e *HeldError) Is(target error) bool { return target == ErrHeld }
