package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"kapbot/adapters/discord/gateway"
	"kapbot/adapters/discord/rest"
)

// Adapter is the bot on Discord. Make one with New.
type Adapter struct {
	o       Options
	api     *rest.Client
	gateway *gateway.Client
	key     ed25519.PublicKey

	self    atomic.Pointer[string] // the bot's user id
	answers *answers
	places  *places
	rules   *rules
	catchUp chan catch

	ctx     context.Context // of what goes on beside the events; ends with Run
	end     context.CancelFunc
	side    sync.WaitGroup
	pending atomic.Int64        // events that wait for another try
	spare   *semaphore.Weighted // bounds the work beside the events

	mu     sync.Mutex
	closed bool  // Run is ending: nothing new begins beside the events
	dead   error // why Discord refused, once it has
}

// maxBeside bounds what goes on beside the events: completions, timers' work, second tries.
const maxBeside = 256

// New checks the options; it asks nobody.
func New(o Options) (*Adapter, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	a := &Adapter{o: o, answers: newAnswers(), places: newPlaces(), catchUp: make(chan catch, maxCatches),
		spare: semaphore.NewWeighted(maxBeside)}
	a.ctx, a.end = context.WithCancel(context.Background())
	a.rules = newRules(o.Store)
	a.self.Store(&o.ApplicationID)
	ro := o.REST
	ro.Token, ro.URL, ro.Log = o.Token, o.APIURL, o.Log
	api, err := rest.New(ro)
	if err != nil {
		return nil, err
	}
	a.api = api
	if o.Mode == ModeHTTP {
		a.key, _ = publicKey(o.PublicKey)
	}
	g := o.Gateway
	g.Token, g.Intents, g.Shards, g.Store, g.Owner, g.Log = o.Token, Intents(o.MessageContent), o.Shards, o.Store, o.Owner, o.Log
	g.Info, g.Handle = a.gatewayInfo, a.handle
	a.gateway = gateway.New(g)
	return a, nil
}

// Run registers the commands and answers until ctx ends or Discord refuses
// for good. What the engine has in hand then can still be posted: drain it after.
func (a *Adapter) Run(ctx context.Context) error {
	defer a.close()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.register(ctx) })
	if a.o.Mode == ModeHTTP {
		g.Go(func() error { return a.serve(ctx) })
	} else {
		g.Go(func() error { return a.gateway.Run(ctx) })
		g.Go(func() error { return a.catchUpAll(ctx) })
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	if err != nil {
		err = fmt.Errorf("discord: %w", err)
	}
	a.mu.Lock()
	a.dead = err
	a.mu.Unlock()
	return err
}

// close ends what goes on beside the events.
func (a *Adapter) close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.end()
	a.side.Wait()
	a.api.Close()
}

// Health says why Discord cannot reach the bot at this moment, or nil.
func (a *Adapter) Health() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dead != nil {
		return a.dead
	}
	shards := a.gateway.Status()
	if a.o.Mode == ModeGateway && len(shards) == 0 {
		return errors.New("discord: the gateway's address is not known yet")
	}
	for _, s := range shards {
		if s.Owned && !s.Up {
			return fmt.Errorf("discord: shard %d is not connected: %s", s.Shard, s.Err)
		}
	}
	return nil
}

// Status lists the shards as this replica sees them.
func (a *Adapter) Status() []gateway.Status { return a.gateway.Status() }

// Reconnects counts the connections to the gateway that have ended.
func (a *Adapter) Reconnects() int64 { return a.gateway.Ended() }

// Retries counts the requests that were sent again.
func (a *Adapter) Retries() int64 { return a.api.Retries() }

// Intents are what the gateway is asked for: servers, their messages, direct
// messages, and, where wanted, what messages say that do not call the bot.
func Intents(content bool) int {
	const guilds, guildMessages, directMessages, messageContent = 1 << 0, 1 << 9, 1 << 12, 1 << 15
	if content {
		return guilds | guildMessages | directMessages | messageContent
	}
	return guilds | guildMessages | directMessages
}

// handle takes one event of the gateway. What cannot be decoded is let go.
func (a *Adapter) handle(ctx context.Context, e gateway.Event) error {
	switch e.Type {
	case "READY":
		var r struct{ User user }
		if decoded(e.Data, &r) && isID(r.User.ID) {
			a.self.Store(&r.User.ID)
		}
		a.lookAtDirect(e.Shard)
	case "GUILD_CREATE":
		var g guild
		if decoded(e.Data, &g) {
			a.places.learn(append(g.Channels, g.Threads...)...)
			a.lookAtGuild(g)
		}
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE":
		var c channel
		if decoded(e.Data, &c) {
			a.places.learn(c)
		}
	case "MESSAGE_CREATE":
		var m message
		if decoded(e.Data, &m) {
			return a.hear(ctx, m, e.Hold)
		}
	case "MESSAGE_UPDATE":
		var m message
		if decoded(e.Data, &m) {
			return a.hearEdit(ctx, m, e.Hold)
		}
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		var d deletion
		if decoded(e.Data, &d) {
			a.hearDeletion(d)
		}
	case "INTERACTION_CREATE":
		var i interaction
		if decoded(e.Data, &i) {
			return a.interact(ctx, i, a.callback, e.Hold)
		}
	}
	return nil
}

func decoded(raw json.RawMessage, v any) bool { return json.Unmarshal(raw, v) == nil }

// beside runs f next to the events, bounded in number; it reports false when
// there is no room. Run waits for it.
func (a *Adapter) beside(f func(ctx context.Context)) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || !a.spare.TryAcquire(1) {
		return false
	}
	a.side.Go(func() {
		defer a.spare.Release(1)
		f(a.ctx)
	})
	return true
}
