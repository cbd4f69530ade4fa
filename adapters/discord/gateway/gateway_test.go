package gateway_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/gateway"
	"kapbot/bot/engine"
)

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
