package discord_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/bot/engine"
)

// soakSize is how many messages and commands the soak sends: few in a plain go
// test, as many as KAPBOT_SOAK says for a long one (20000 for the figures in docs/discord.md).
func soakSize() int {
	if n, err := strconv.Atoi(os.Getenv("KAPBOT_SOAK")); err == nil && n > 0 {
		return n
	}
	return 300
}

// TestSoak sends messages and commands over four shards that two replicas share, while
// connections are killed, REST fails, and an owner freezes. Nothing is lost, nothing is
// answered twice, and each person's answers keep their order.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	k := newSoak(t)
	chaos, stop := context.WithCancel(context.Background())
	var wrecking sync.WaitGroup
	wrecking.Go(func() { k.wreck(chaos) })
	n := soakSize()
	for i := range n {
		k.event(i)
		if i == n/2 {
			wrecking.Go(func() { k.freezeOwner(chaos) })
		}
		k.keepPace()
	}
	k.finish()
	stop()
	wrecking.Wait()
	k.report()
}

// soak is one run and its books.
type soak struct {
	*world
	frozen *frozen
	people []discordfake.User
	rooms  []*discordfake.Channel

	asked    []discordfake.Message
	answered map[string][]discordfake.Message // by the question's id
	read     map[string]int                   // messages read, by room
	commands []command
	open     int // commands before this one have their answer, or none to come

	mu     sync.Mutex
	kills  map[int][]time.Time // by shard
	counts map[string]int
	froze  bool
}

// command is one that was sent; frozen says that an owner stood still then, so that
// Discord's three seconds may have run out before another had its shard.
type command struct {
	id     string
	frozen bool
}

func newSoak(t *testing.T) *soak {
	window := 3 * time.Second
	if os.Getenv("KAPBOT_SOAK") == "" {
		window = 15 * time.Second // a plain go test is no measurement, and may share a busy machine
	}
	s := fake(t, discordfake.Config{Shards: 4, Heartbeat: time.Second, InteractionWindow: window})
	store := engine.NewMemory()
	k := &soak{answered: map[string][]discordfake.Message{}, read: map[string]int{}, kills: map[int][]time.Time{}, counts: map[string]int{}, frozen: &frozen{Memory: store}}
	patient := func(o *discord.Options) { // as in production where a busy machine could be taken for a fault
		o.Defer = 1500 * time.Millisecond
		o.Gateway.Lease, o.Gateway.Ack, o.Gateway.Hello, o.Gateway.Ready = 2*time.Second, 800*time.Millisecond, 10*time.Second, 10*time.Second
	}
	k.world = replica(t, s, store, patient, func(o *discord.Options) {
		o.Owner, o.Store, o.Engine = "a", k.frozen, frozenEngine{o.Engine, k.frozen}
	})
	replica(t, s, store, patient, func(o *discord.Options) { o.Owner = "b" })
	for shard := range 4 {
		g := s.NewGuildOn(shard, fmt.Sprintf("community %d", shard))
		for range 4 {
			k.rooms = append(k.rooms, s.NewChannel(g, discordfake.TextChannel, "", "general"))
		}
	}
	for i := range 10 {
		k.people = append(k.people, s.NewUser(fmt.Sprintf("person %d", i)))
	}
	k.await("all shards", func() bool { return s.Starts() >= 4 })
	return k
}

// event sends the next message or command.
func (k *soak) event(i int) {
	who := k.people[rand.IntN(len(k.people))]
	room := k.rooms[rand.IntN(len(k.rooms))]
	if i%4 == 0 {
		k.mu.Lock()
		frozen := k.froze
		k.mu.Unlock()
		id := k.Command(discordfake.Use{User: who, Channel: room}, "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?")))
		k.commands = append(k.commands, command{id, frozen})
		return
	}
	k.asked = append(k.asked, k.Say(who, room.ID, "<@"+k.Bot().ID+"> How do I choose a provider?"))
}

// outstanding counts what has no answer yet, and may still have one.
func (k *soak) outstanding() int {
	for _, room := range k.rooms {
		for _, m := range k.MessagesFrom(room.ID, k.read[room.ID]) {
			k.read[room.ID]++
			if m.Author.ID == k.Bot().ID && m.MessageReference != nil {
				k.answered[m.MessageReference.MessageID] = append(k.answered[m.MessageReference.MessageID], m)
			}
		}
	}
	n := len(k.asked) - len(k.answered)
	for i := k.open; i < len(k.commands); i++ {
		in := k.Interaction(k.commands[i].id)
		over := len(in.Responses) > 0 || (k.commands[i].frozen && time.Since(in.At) > 3*time.Second)
		if !over {
			n++
		} else if i == k.open {
			k.open++
		}
	}
	return n
}

// keepPace keeps the machine from being the fault that is found: it waits while too much is
// under way. Now and then it forgets what the fake has recorded.
func (k *soak) keepPace() {
	if n := len(k.asked) + len(k.commands); n%10 != 0 {
		return
	}
	k.Forget()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if k.Await(ctx, func() bool { return k.outstanding() < 30 }) != nil {
		k.missing()
		k.t.FailNow()
	}
}

func (k *soak) finish() {
	k.Heal()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if k.Await(ctx, func() bool { return k.outstanding() == 0 }) != nil {
		k.missing()
	}
	k.settled()
}

// missing says what had no answer.
func (k *soak) missing() {
	for i, m := range k.asked {
		if len(k.answered[m.ID]) == 0 {
			k.t.Errorf("message %d of %d has no answer", i, len(k.asked))
		}
	}
	for i, c := range k.commands {
		if len(k.Interaction(c.id).Responses) == 0 && !c.frozen {
			k.t.Errorf("command %d of %d has no answer, after %d tries", i, len(k.commands), len(k.Requests("POST", c.id)))
		}
	}
}

// wreck does damage until ctx ends.
func (k *soak) wreck(ctx context.Context) {
	damage := map[string]func(*discordfake.Socket){
		"reset":      func(s *discordfake.Socket) { s.Reset() },
		"close 4000": func(s *discordfake.Socket) { s.Close(4000) },
		"close 1001": func(s *discordfake.Socket) { s.Close(1001) },
		"op 7":       func(s *discordfake.Socket) { s.Send(discordfake.Reconnect) },
		"op 9 true":  func(s *discordfake.Socket) { s.Send(discordfake.InvalidResume) },
		"garbage":    func(s *discordfake.Socket) { s.SendRaw("<html>") },
		"503":        func(*discordfake.Socket) { k.Fail(discordfake.Fault{Path: "/", Status: 503, Times: 2}) },
		"502 late": func(*discordfake.Socket) {
			k.Fail(discordfake.Fault{Path: "/messages", Status: 502, After: true, Times: 2})
		},
		"cut":        func(*discordfake.Socket) { k.Fail(discordfake.Fault{Path: "/messages", Cut: true, After: true}) },
		"429":        func(*discordfake.Socket) { k.Fail(discordfake.TooMany("/messages", "user", "0.1")) },
		"429 global": func(*discordfake.Socket) { k.Fail(discordfake.TooMany("/messages", "global", "0.1")) },
		"cloudflare": func(*discordfake.Socket) { k.Fail(discordfake.Cloudflare("/messages", "0.1")) },
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range damage {
			if !yield(name) {
				return
			}
		}
	})
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(100+rand.IntN(200)) * time.Millisecond):
		}
		sockets := slices.DeleteFunc(k.Sockets(), func(s *discordfake.Socket) bool { return s.Shard() < 0 })
		if len(sockets) == 0 {
			continue
		}
		name, victim := names[rand.IntN(len(names))], sockets[rand.IntN(len(sockets))]
		k.mu.Lock()
		k.counts[name]++
		if name == "reset" || name == "close 4000" || name == "close 1001" || name == "op 7" {
			k.kills[victim.Shard()] = append(k.kills[victim.Shard()], time.Now())
		}
		k.mu.Unlock()
		damage[name](victim)
	}
}

// freezeOwner stops one replica as SIGSTOP does, for longer than its leases live.
func (k *soak) freezeOwner(ctx context.Context) {
	k.freezing(true)
	k.frozen.freeze()
	select {
	case <-time.After(5 * time.Second):
	case <-ctx.Done():
	}
	k.frozen.thaw()
	select {
	case <-time.After(3 * time.Second): // it wakes with a heap of work
	case <-ctx.Done():
	}
	k.freezing(false)
}

func (k *soak) freezing(yes bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.froze = yes
}

// report checks the books and writes the figures.
func (k *soak) report() {
	twice, last := 0, map[string]string{}
	var waits, first []time.Duration
	for _, m := range k.asked {
		a := k.answered[m.ID]
		if len(a) == 0 {
			continue // reported as missing
		}
		if len(a) > 1 {
			twice++
		}
		waits = append(waits, a[0].Timestamp.Sub(m.Timestamp))
		talk := m.ChannelID + m.Author.ID
		if a[0].ID < last[talk] {
			k.t.Errorf("an answer came before the one to an earlier question")
		}
		last[talk] = a[0].ID
	}
	expired := 0
	for _, c := range k.commands {
		r := k.Interaction(c.id).Responses
		switch {
		case len(r) == 0:
			expired++
			continue
		case len(r) > 1 && !r[1].Edit:
			k.t.Errorf("a command was answered twice")
		}
		first = append(first, r[0].After)
	}
	if twice > 0 {
		k.t.Errorf("%d messages were answered twice", twice)
	}
	k.t.Logf("%d messages, %d commands, %d sessions; damage: %v", len(k.asked), len(k.commands), k.Starts(), k.counts)
	k.t.Logf("answer to a message: %s", spread(waits))
	k.t.Logf("first response to a command: %s; expired while an owner was frozen: %d", spread(first), expired)
	k.t.Logf("recovery of a shard: %s", spread(k.recoveries()))
}

// recoveries are the times from a kill to the shard's next connection.
func (k *soak) recoveries() []time.Duration {
	var out []time.Duration
	arrivals := k.Arrivals()
	for shard, kills := range k.kills {
		for _, at := range kills {
			i := slices.IndexFunc(arrivals, func(a discordfake.Arrival) bool { return a.Shard == shard && a.At.After(at) })
			if i >= 0 {
				out = append(out, arrivals[i].At.Sub(at))
			}
		}
	}
	return out
}

func spread(all []time.Duration) string {
	if len(all) == 0 {
		return "none"
	}
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[int(q*float64(len(all)-1))].Round(100 * time.Microsecond) }
	return fmt.Sprintf("p50 %v, p99 %v, max %v (%d)", at(0.5), at(0.99), at(1), len(all))
}

// frozen is a store that stands still while its process does.
type frozen struct {
	*engine.Memory
	mu sync.RWMutex
}

func (f *frozen) freeze() { f.mu.Lock() }
func (f *frozen) thaw()   { f.mu.Unlock() }
func (f *frozen) wait()   { f.mu.RLock(); defer f.mu.RUnlock() }

func (f *frozen) Lease(ctx context.Context, name, owner string, ttl time.Duration) (engine.Lease, error) {
	f.wait()
	return f.Memory.Lease(ctx, name, owner, ttl)
}

func (f *frozen) SetSetting(ctx context.Context, scope, name string, value []byte) error {
	f.wait()
	return f.Memory.SetSetting(ctx, scope, name, value)
}

// frozenEngine takes nothing while its process stands still.
type frozenEngine struct {
	discord.Engine
	f *frozen
}

func (e frozenEngine) Submit(ctx context.Context, v engine.Event) error {
	e.f.wait()
	return e.Engine.Submit(ctx, v)
}
