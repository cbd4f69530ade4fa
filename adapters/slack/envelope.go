package slack

import (
	"encoding/json"
	"sync"
	"time"
)

// The kinds of envelope, as Socket Mode names them.
const (
	kindEvent   = "events_api"
	kindSlash   = "slash_commands"
	kindPressed = "interactive"
)

// envelope is one thing that Slack delivered, whichever way it came.
type envelope struct {
	kind    string
	payload json.RawMessage
	ticket  *ticket
}

// ticket is the receipt that Slack waits for. It is given once: when the work
// is done, or shortly before Slack's patience ends, while the work goes on. A
// ticket that is refused makes Slack send the envelope again.
type ticket struct {
	settle func(ok bool, payload any)

	mu    sync.Mutex
	given bool
	timer *time.Timer
}

// newTicket acknowledges by itself after patience.
func newTicket(patience time.Duration, settle func(ok bool, payload any)) *ticket {
	t := &ticket{settle: settle}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(patience, func() { t.give(true, nil) })
	return t
}

// give settles the ticket and reports whether it was still open.
func (t *ticket) give(ok bool, payload any) bool {
	t.mu.Lock()
	first := !t.given
	t.given = true
	t.timer.Stop()
	t.mu.Unlock()
	if first {
		t.settle(ok, payload)
	}
	return first
}

// ack tells Slack that the envelope was handled.
func (t *ticket) ack() { t.give(true, nil) }

// answer acknowledges and sends a payload along, which Slack shows at once.
func (t *ticket) answer(payload any) { t.give(true, payload) }

// refuse leaves the envelope to Slack, which sends it again. It reports false if
// Slack was already told that the envelope arrived.
func (t *ticket) refuse() bool { return t.give(false, nil) }
