package engine

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// recent is what this replica has handled lately. It answers when the store cannot, and
// spares it the copies that come back to the same replica.
type recent struct {
	events *lru.Cache[Key, struct{}]
	talks  *lru.Cache[Key, remembered]
}

type remembered struct {
	state  []byte
	forget time.Time
}

// maxRecent is how many events, and how many conversations, are remembered: in all about
// 10 MB at most.
const maxRecent = 30_000

func newRecent() *recent {
	return &recent{events: newCache[struct{}](), talks: newCache[remembered]()}
}

func newCache[V any]() *lru.Cache[Key, V] {
	c, err := lru.New[Key, V](maxRecent)
	if err != nil {
		panic(err) // only for a size below one
	}
	return c
}

func (r *recent) add(t Ticket, rec Record) {
	r.events.Add(t.Event, struct{}{})
	r.talks.Add(t.Conversation, remembered{rec.State, time.Now().Add(rec.Keep)})
}

func (r *recent) handled(event Key) bool { return r.events.Contains(event) }

// state is the conversation as this replica left it, or nil.
func (r *recent) state(talk Key) []byte {
	m, ok := r.talks.Get(talk)
	if !ok || !m.forget.After(time.Now()) {
		return nil
	}
	return m.state
}
