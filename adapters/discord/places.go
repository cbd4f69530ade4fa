package discord

import (
	"context"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"kapbot/adapters/discord/rest"
)

// places knows the parent of each thread and forum post, since a server's
// settings name the channel above.
type places struct {
	all *lru.Cache[string, channel]
}

const maxPlaces = 20000

func newPlaces() *places { return &places{all: cache[channel](maxPlaces)} }

func (p *places) learn(channels ...channel) {
	for _, c := range channels {
		if c.ID != "" {
			c.Last = nil
			p.all.Add(c.ID, c)
		}
	}
}

// place looks a channel up, and asks Discord for one that is not known.
func (a *Adapter) place(ctx context.Context, id string) channel {
	if c, ok := a.places.all.Get(id); ok {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second) // the gateway's events wait for this
	defer cancel()
	var c channel
	if err := a.api.Do(ctx, rest.Request{Method: http.MethodGet, Path: "channels/" + id}, &c); err != nil || c.ID != id {
		return channel{ID: id}
	}
	a.places.learn(c)
	return c
}
