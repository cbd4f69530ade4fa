package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/gateway"
	"kapbot/bot/engine"
)

// bleve, which comes along with the bot, keeps workers for the whole process.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// patience bounds every wait of a test; it is not what is tested.
const patience = 20 * time.Second

// intents are guilds, guild messages, direct messages, message content.
const intents = 1<<0 | 1<<9 | 1<<12 | 1<<15

func start(t *testing.T, cfg discordfake.Config) *discordfake.Server {
	t.Helper()
	s, err := discordfake.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// options connect to the fake with every wait shortened.
func options(s *discordfake.Server, store gateway.Store, shards int) gateway.Options {
	return gateway.Options{
		Token: s.Token(), Intents: intents, Store: store, Owner: "a",
		Info: func(context.Context) (gateway.Info, error) {
			return gateway.Info{URL: s.GatewayURL(), Shards: shards, MaxConcurrency: 1, Remaining: 1000 - s.Starts()}, nil
		},
		Lease: 300 * time.Millisecond, Hello: 200 * time.Millisecond, Ready: 300 * time.Millisecond, Ack: 50 * time.Millisecond,
		IdentifyEvery: 20 * time.Millisecond, Pause: 5 * time.Millisecond, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond,
	}
}

// listener is a client under test and what it heard.
type listener struct {
	t      *testing.T
	client *gateway.Client
	stop   context.CancelFunc
	ended  chan error

	mu      sync.Mutex
	heard   []string // contents of messages, in order
	changed chan struct{}
}

func listen(t *testing.T, o gateway.Options) *listener {
	t.Helper()
	l := &listener{t: t, ended: make(chan error, 1), changed: make(chan struct{})}
	if o.Handle == nil {
		o.Handle = l.handle
	}
	l.client = gateway.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	go func() { l.ended <- l.client.Run(ctx) }()
	t.Cleanup(l.close)
	return l
}

func (l *listener) handle(_ context.Context, e gateway.Event) error {
	if e.Type != "MESSAGE_CREATE" {
		return nil
	}
	var m struct{ Content string }
	if err := json.Unmarshal(e.Data, &m); err != nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, m.Content)
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

// close ends the client; every state must let it end within five seconds.
func (l *listener) close() {
	l.stop()
	select {
	case err, open := <-l.ended:
		if open && err != nil && !errors.Is(err, context.Canceled) {
			l.t.Errorf("Run: %v", err)
		}
	case <-time.After(5 * time.Second):
		l.t.Error("Run has not returned 5 s after its context ended")
	}
	l.ended = closed
}

var closed = func() chan error { c := make(chan error); close(c); return c }()

// waitFor waits until the text was heard.
func (l *listener) waitFor(text string) {
	l.t.Helper()
	timeout := time.After(patience)
	for {
		l.mu.Lock()
		ok, changed := slices.Contains(l.heard, text), l.changed
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			l.t.Fatalf("%q was not heard; heard %q", text, l.heard)
		}
	}
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.heard)
}

func await(t *testing.T, s *discordfake.Server, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Await(ctx, ok); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// up waits for one live connection that carries a shard.
func up(t *testing.T, s *discordfake.Server) *discordfake.Socket {
	t.Helper()
	var found *discordfake.Socket
	await(t, s, "wait for a connection", func() bool {
		for _, k := range s.Sockets() {
			if k.Shard() >= 0 && !k.Closed() {
				found = k
			}
		}
		return found != nil
	})
	return found
}

// Every fault in the middle of a session: what happens in the gap is heard, in
// order and once the session is back, and Discord never sees a close that ends
// the session.
func TestSessionSurvives(t *testing.T) {
	faults := map[string]struct {
		do       func(s *discordfake.Server, k *discordfake.Socket)
		identify bool // a new session is right
	}{
		"reset":      {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Reset() }},
		"close 1001": {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Close(1001) }},
		"close 4000": {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Close(4000) }},
		"close 4008": {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Close(4008) }},
		"op 7":       {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Send(discordfake.Reconnect) }},
		"op 9 true":  {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Send(discordfake.InvalidResume) }},
		"zombie":     {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Freeze() }},
		"not a frame": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			k.SendRaw("<html>")
			k.SendRaw("[]")
			k.SendRaw("")
		}},
		"wrong types":      {do: func(s *discordfake.Server, k *discordfake.Socket) { k.SendRaw(`{"op":"x","d":7,"s":null,"t":[]}`) }},
		"unknown op":       {do: func(s *discordfake.Server, k *discordfake.Socket) { k.SendRaw(`{"op":99,"d":null}`) }},
		"thousand op 1":    {do: func(s *discordfake.Server, k *discordfake.Socket) { beats(k) }},
		"op 11 unasked":    {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Send(discordfake.Ack); k.Send(discordfake.Ack) }},
		"no hello":         {do: func(s *discordfake.Server, k *discordfake.Socket) { then(s, k, discordfake.Script{NoHello: true}) }},
		"no resumed":       {do: func(s *discordfake.Server, k *discordfake.Socket) { then(s, k, discordfake.Script{NoReady: true}) }},
		"dropped at hello": {do: func(s *discordfake.Server, k *discordfake.Socket) { then(s, k, discordfake.Script{Drop: true}) }},
		"op 7 answers resume": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			then(s, k, discordfake.Script{Instead: []discordfake.Frame{discordfake.Reconnect}})
		}},
		"op 9 true answers resume": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			then(s, k, discordfake.Script{Instead: []discordfake.Frame{discordfake.InvalidResume}})
		}},
		"op 11 before resumed": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			then(s, k, discordfake.Script{Before: []discordfake.Frame{discordfake.Ack, discordfake.Beat}})
		}},
		"resume never acknowledged": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			then(s, k, discordfake.Script{NoAck: true})
		}},
		"refused for a while": {do: func(s *discordfake.Server, k *discordfake.Socket) { refuse(s, k) }},
		"close 4007":          {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Close(4007) }, identify: true},
		"close 4009":          {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Close(4009) }, identify: true},
		"op 9 false":          {do: func(s *discordfake.Server, k *discordfake.Socket) { k.Send(discordfake.InvalidGone) }, identify: true},
		"op 9 false answers resume": {do: func(s *discordfake.Server, k *discordfake.Socket) {
			then(s, k, discordfake.Script{Instead: []discordfake.Frame{discordfake.InvalidGone}})
		}, identify: true},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := start(t, discordfake.Config{Heartbeat: 100 * time.Millisecond})
			who := s.NewUser("ann")
			room := s.DM(who)
			l := listen(t, options(s, engine.NewMemory(), 1))
			k := up(t, s)
			s.Say(who, room.ID, "before")
			l.waitFor("before")
			fault.do(s, k)
			s.Say(who, room.ID, "in the gap")
			if fault.identify {
				await(t, s, "wait for a new session", func() bool { return s.Starts() == 2 })
				up(t, s)
			} else {
				l.waitFor("in the gap")
			}
			s.Say(who, room.ID, "after")
			l.waitFor("after")
			if want := 1; !fault.identify && s.Starts() != want {
				t.Errorf("%d sessions were begun, want %d", s.Starts(), want)
			}
			if code := k.ClientCode(); code == 1000 || code == 1001 {
				t.Errorf("the client closed with %d, which ends the session", code)
			}
		})
	}
}

func beats(k *discordfake.Socket) {
	for range 1000 {
		k.Send(discordfake.Beat)
	}
}

// then resets the connection; the next one meets the script.
func then(s *discordfake.Server, k *discordfake.Socket, next discordfake.Script) {
	s.Script(next)
	k.Reset()
}

func refuse(s *discordfake.Server, k *discordfake.Socket) {
	s.Refuse(true)
	k.Reset()
	time.AfterFunc(200*time.Millisecond, func() { s.Refuse(false) })
}

func TestResumesAtResumeURL(t *testing.T) {
	s := start(t, discordfake.Config{})
	listen(t, options(s, engine.NewMemory(), 1))
	k := up(t, s)
	k.Reset()
	await(t, s, "wait for the old connection to end", k.Closed)
	if next := up(t, s); next.Path != "/resume" {
		t.Errorf("resumed at %s, want /resume", next.Path)
	}
}

func TestThousandBeatsAnsweredSparingly(t *testing.T) {
	s := start(t, discordfake.Config{})
	who := s.NewUser("ann")
	l := listen(t, options(s, engine.NewMemory(), 1))
	k := up(t, s)
	beats(k)
	s.Say(who, s.DM(who).ID, "after")
	l.waitFor("after")
	if n := len(k.Ops()); n > 20 {
		t.Errorf("%d frames were sent; Discord allows 120 a minute", n)
	}
}

// Each code that Discord never takes back ends Run with advice, at the first
// connection and at a later one.
func TestRefusedForGood(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		for _, later := range []bool{false, true} {
			s := start(t, discordfake.Config{})
			if !later {
				s.Script(discordfake.Script{Close: code})
			}
			c := gateway.New(func() gateway.Options {
				o := options(s, engine.NewMemory(), 1)
				o.Handle = func(context.Context, gateway.Event) error { return nil }
				return o
			}())
			ended := make(chan error, 1)
			go func() { ended <- c.Run(t.Context()) }()
			if later {
				then(s, up(t, s), discordfake.Script{Close: code})
			}
			var refused *gateway.Error
			select {
			case err := <-ended:
				if !errors.As(err, &refused) || refused.Code != code {
					t.Errorf("code %d, later %v: Run returned %v", code, later, err)
				}
			case <-time.After(patience):
				t.Fatalf("code %d, later %v: Run goes on", code, later)
			}
		}
	}
}

// Run ends within five seconds of its context, whatever it is waiting for.
func TestClosesInEveryState(t *testing.T) {
	states := map[string]func(s *discordfake.Server){
		"connected": func(s *discordfake.Server) {},
		"no hello":  func(s *discordfake.Server) { s.Script(discordfake.Script{NoHello: true}) },
		"no ready":  func(s *discordfake.Server) { s.Script(discordfake.Script{NoReady: true}) },
		"op 7 before ready": func(s *discordfake.Server) {
			s.Script(discordfake.Script{Before: []discordfake.Frame{discordfake.Reconnect}})
		},
		"op 11 before ready": func(s *discordfake.Server) {
			s.Script(discordfake.Script{Before: []discordfake.Frame{discordfake.Ack}})
		},
		"refused": func(s *discordfake.Server) { s.Refuse(true) },
	}
	for name, prepare := range states {
		t.Run(name, func(t *testing.T) {
			s := start(t, discordfake.Config{})
			prepare(s)
			o := options(s, engine.NewMemory(), 1)
			o.Hello, o.Ready = time.Hour, time.Hour // only the context can end these waits
			l := listen(t, o)
			if name != "refused" {
				await(t, s, "wait for a connection", func() bool { return len(s.Sockets()) > 0 })
			}
			l.close()
		})
	}
}

// A handler that cannot take an event is asked again, and the order holds.
func TestEventNotTakenComesAgain(t *testing.T) {
	s := start(t, discordfake.Config{})
	who := s.NewUser("ann")
	refusals := 3
	l := &listener{t: t, changed: make(chan struct{})}
	o := options(s, engine.NewMemory(), 1)
	o.Handle = func(ctx context.Context, e gateway.Event) error {
		if e.Type == "MESSAGE_CREATE" && refusals > 0 {
			refusals--
			return engine.ErrFull
		}
		return l.handle(ctx, e)
	}
	running := listen(t, o)
	up(t, s)
	for _, text := range []string{"one", "two", "three"} {
		s.Say(who, s.DM(who).ID, text)
	}
	l.waitFor("three")
	running.close()
	if want := []string{"one", "two", "three"}; !slices.Equal(l.heard, want) {
		t.Errorf("heard %q, want %q", l.heard, want)
	}
	if s.Starts() != 1 {
		t.Errorf("%d sessions were begun, want 1", s.Starts())
	}
}

// IDENTIFYs keep Discord's pace among replicas, and each shard has one owner.
func TestShardsAreSharedAndPaced(t *testing.T) {
	const shards = 4
	s := start(t, discordfake.Config{Shards: shards, IdentifyWindow: 40 * time.Millisecond})
	store := engine.NewMemory()
	for _, owner := range []string{"a", "b"} {
		o := options(s, store, shards)
		o.Owner, o.IdentifyEvery = owner, 60*time.Millisecond
		listen(t, o)
	}
	await(t, s, "wait for all shards", func() bool {
		seen := map[int]int{}
		for _, k := range s.Sockets() {
			if k.Shard() >= 0 {
				seen[k.Shard()]++
			}
		}
		return len(seen) == shards
	})
	if s.Starts() != shards {
		t.Errorf("%d sessions for %d shards", s.Starts(), shards)
	}
	if s.TooFast() > 0 {
		t.Errorf("%d IDENTIFYs came too fast", s.TooFast())
	}
}

// When an owner stops, another replica resumes its session and hears what was
// said in between.
func TestAnotherReplicaResumes(t *testing.T) {
	s := start(t, discordfake.Config{})
	store := engine.NewMemory()
	who := s.NewUser("ann")
	first := listen(t, options(s, store, 1))
	up(t, s)
	s.Say(who, s.DM(who).ID, "to the first")
	first.waitFor("to the first")
	first.close()
	s.Say(who, s.DM(who).ID, "in between")
	o := options(s, store, 1)
	o.Owner = "b"
	second := listen(t, o)
	second.waitFor("in between")
	if s.Starts() != 1 {
		t.Errorf("%d sessions were begun, want 1: the second replica resumes", s.Starts())
	}
}

// An owner that is frozen loses the shard to another, and gives up when it
// wakes. What it had taken and not done comes to the new owner.
func TestFrozenOwnerIsReplaced(t *testing.T) {
	s := start(t, discordfake.Config{Heartbeat: 50 * time.Millisecond})
	store := engine.NewMemory()
	who := s.NewUser("ann")
	stuck := make(chan struct{})
	frozen := &frozenStore{Memory: store}
	o := options(s, frozen, 1)
	o.Handle = func(ctx context.Context, e gateway.Event) error {
		if e.Type == "MESSAGE_CREATE" {
			e.Hold() // never done
			frozen.freeze()
			close(stuck)
			<-ctx.Done()
		}
		return nil
	}
	first := listen(t, o)
	up(t, s)
	for kept := 0; kept == 0; { // the session is in the store
		names, _ := store.ListSettings(t.Context(), "discord/session")
		kept = len(names)
		runtime.Gosched()
	}
	s.Say(who, s.DM(who).ID, "unfinished")
	<-stuck
	o = options(s, store, 1)
	o.Owner = "b"
	second := listen(t, o)
	second.waitFor("unfinished")
	frozen.thaw()
	first.close()
	s.Say(who, s.DM(who).ID, "later")
	second.waitFor("later")
}

// frozenStore stops answering, as the store of a stopped process would seem to.
type frozenStore struct {
	*engine.Memory
	mu sync.Mutex
}

func (f *frozenStore) freeze() { f.mu.Lock() }
func (f *frozenStore) thaw()   { f.mu.Unlock() }

func (f *frozenStore) Lease(ctx context.Context, name, owner string, ttl time.Duration) (engine.Lease, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Memory.Lease(ctx, name, owner, ttl)
}

func TestNoSessionsLeftWaits(t *testing.T) {
	s := start(t, discordfake.Config{})
	var mu sync.Mutex
	asked := 0
	o := options(s, engine.NewMemory(), 1)
	o.Info = func(context.Context) (gateway.Info, error) {
		mu.Lock()
		defer mu.Unlock()
		asked++
		left := 0
		if asked > 3 {
			left = 1
		}
		return gateway.Info{URL: s.GatewayURL(), Shards: 1, MaxConcurrency: 1, Remaining: left, ResetAfter: 10 * time.Millisecond}, nil
	}
	listen(t, o)
	up(t, s)
	if asked < 4 {
		t.Errorf("identified after asking %d times, with no sessions left", asked)
	}
}

func FuzzFrames(f *testing.F) {
	for _, seed := range []string{`{"op":10,"d":{"heartbeat_interval":1}}`, `{"op":9,"d":"x"}`, `{"op":0,"t":"READY","s":1,"d":{"session_id":3}}`,
		`{"op":0,"t":null,"s":-5,"d":null}`, `[]`, `null`, `{"op":1e99}`, `{"op":7}`, `{"op":10,"d":{"heartbeat_interval":-1}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := discordfake.Start(discordfake.Config{})
		if err != nil {
			t.Skip(err)
		}
		defer s.Close()
		s.Script(discordfake.Script{Raw: []string{raw, raw}})
		who := s.NewUser("ann")
		l := listen(t, options(s, engine.NewMemory(), 1))
		await(t, s, "wait for two messages", func() bool {
			for _, k := range s.Sockets() {
				if k.Shard() >= 0 && !k.Closed() {
					s.Say(who, s.DM(who).ID, "still here")
				}
			}
			return l.count() > 1
		})
		l.close()
	})
}
