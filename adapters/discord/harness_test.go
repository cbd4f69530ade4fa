package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/gateway"
	"kapbot/adapters/discord/rest"
	"kapbot/bot"
	"kapbot/bot/engine"
)

func TestMain(m *testing.M) {
	code := m.Run()
	theBot().Close()
	// bleve keeps its analysis workers for the whole process.
	if err := goleak.Find(goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker")); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// patience bounds every wait of a test; it is not what is tested.
const patience = 20 * time.Second

// theBot is made once: it is safe for concurrent use and keeps nothing.
var theBot = sync.OnceValue(func() *bot.Bot {
	b, err := bot.New(context.Background(), bot.Options{})
	if err != nil {
		panic(err)
	}
	return b
})

// world is a Discord with a bot on it.
type world struct {
	*discordfake.Server
	t       testing.TB
	adapter *discord.Adapter
	engine  *engine.Engine
	store   gateway.Store
	stop    func()
}

type change func(*discord.Options)

// replica starts an adapter with its own engine on a fake and a store.
func replica(t testing.TB, s *discordfake.Server, store *engine.Memory, changes ...change) *world {
	t.Helper()
	e := engine.New(theBot(), store, engine.Options{Lease: time.Second, PersonRate: engine.Rate{PerMinute: 1e6, Burst: 1e6}, ChannelRate: engine.Rate{PerMinute: 1e6, Burst: 1e6}})
	o := discord.Options{
		Token: s.Token(), ApplicationID: s.Bot().ID, APIURL: s.APIURL(), Bot: theBot(), Engine: e, Store: store, Owner: "a",
		MessageContent: true, Defer: 300 * time.Millisecond, Again: 20 * time.Millisecond,
		Gateway: gateway.Options{Lease: 500 * time.Millisecond, Hello: time.Second, Ready: time.Second, Ack: 100 * time.Millisecond,
			IdentifyEvery: 20 * time.Millisecond, Pause: 5 * time.Millisecond, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond},
		REST: rest.Options{Attempt: time.Second, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond},
	}
	for _, f := range changes {
		f(&o)
	}
	a, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	w := &world{Server: s, t: t, adapter: a, engine: e, store: store}
	w.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("Run has not returned 5 s after its context ended")
		}
		draining, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		if err := e.Drain(draining); err != nil {
			t.Errorf("drain: %v", err)
		}
	})
	t.Cleanup(w.stop)
	return w
}

// begin starts a fake and one replica, and waits until it is connected.
func begin(t testing.TB, changes ...change) *world {
	t.Helper()
	s := fake(t, discordfake.Config{})
	w := replica(t, s, engine.NewMemory(), changes...)
	w.connected()
	return w
}

func fake(t testing.TB, cfg discordfake.Config) *discordfake.Server {
	t.Helper()
	s, err := discordfake.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (w *world) connected() *discordfake.Socket {
	w.t.Helper()
	var found *discordfake.Socket
	w.await("a connection", func() bool {
		for _, k := range w.Sockets() {
			if k.Shard() >= 0 && !k.Closed() {
				found = k
			}
		}
		return found != nil
	})
	return found
}

func (w *world) await(what string, ok func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.Await(ctx, ok); err != nil {
		w.t.Fatalf("waiting for %s: %v", what, err)
	}
}

// settled waits until all that was asked is answered: an event that came after
// them has been answered too.
func (w *world) settled() {
	w.t.Helper()
	who := w.NewUser("last")
	m := w.Say(who, w.DM(who).ID, "help")
	w.replies(m, 1)
}

// mine lists the bot's messages in a channel.
func (w *world) mine(channel string) []discordfake.Message {
	var out []discordfake.Message
	for _, m := range w.Messages(channel) {
		if m.Author.ID == w.Bot().ID {
			out = append(out, m)
		}
	}
	return out
}

// replies waits for n replies to a message and returns them.
func (w *world) replies(to discordfake.Message, n int) []discordfake.Message {
	w.t.Helper()
	var out []discordfake.Message
	w.await("a reply", func() bool {
		out = nil
		for _, m := range w.mine(to.ChannelID) {
			if m.MessageReference != nil && m.MessageReference.MessageID == to.ID {
				out = append(out, m)
			}
		}
		return len(out) >= n
	})
	for _, m := range out {
		w.disclaims(m.Components, m.Content)
	}
	return out
}

// response waits for the nth answer to an interaction.
func (w *world) response(id string, n int) discordfake.Response {
	w.t.Helper()
	w.await("an answer to the interaction", func() bool { return len(w.Interaction(id).Responses) >= n })
	r := w.Interaction(id).Responses[n-1]
	if r.Type != 5 && r.Type != 6 && r.Type != 8 {
		w.disclaims(r.Data, "")
	}
	return r
}

// disclaims checks that a message carries the disclaimer.
func (w *world) disclaims(components json.RawMessage, content string) {
	w.t.Helper()
	if text := textOf(components) + content; !strings.Contains(text, theBot().Words().Disclaimer) {
		w.t.Errorf("a message without the disclaimer: %s", text)
	}
}

// textOf is all the text in components or in a message's body.
func textOf(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	var b strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, key := range []string{"content", "label"} {
				if s, ok := v[key].(string); ok {
					b.WriteString(s + "\n")
				}
			}
			for _, key := range []string{"components", "accessory", "options", "data"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	return b.String()
}

// idsOf lists the custom ids in a message's body, in order.
func idsOf(raw json.RawMessage) []string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			if id, ok := v["custom_id"].(string); ok {
				out = append(out, id)
			}
			for _, key := range []string{"components", "accessory", "data"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	return out
}

// idWith finds the custom id of an action.
func idWith(t testing.TB, raw json.RawMessage, action string) string {
	t.Helper()
	for _, id := range idsOf(raw) {
		if strings.HasPrefix(id, "k1:"+action+":") {
			return id
		}
	}
	t.Fatalf("no %q among %q", action, idsOf(raw))
	return ""
}
