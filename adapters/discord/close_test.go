package discord_test

import (
	"context"
	"testing"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/bot/engine"
)

// Run ends within five seconds of its context, whatever it is waiting for.
func TestRunEndsInEveryState(t *testing.T) {
	states := map[string]func(s *discordfake.Server){
		"all is well":           func(*discordfake.Server) {},
		"gateway address hangs": func(s *discordfake.Server) { s.Fail(discordfake.Fault{Path: "/gateway/bot", Hang: true, Times: -1}) },
		"registration hangs":    func(s *discordfake.Server) { s.Fail(discordfake.Fault{Path: "/commands", Hang: true, Times: -1}) },
		"registration limited":  func(s *discordfake.Server) { s.Fail(discordfake.TooMany("/commands", "global", "3600")) },
		"cloudflare":            func(s *discordfake.Server) { s.Fail(discordfake.Cloudflare("/", "3600")) },
		"gateway refuses":       func(s *discordfake.Server) { s.Refuse(true) },
		"no hello":              func(s *discordfake.Server) { s.Script(discordfake.Script{NoHello: true}) },
		"no ready":              func(s *discordfake.Server) { s.Script(discordfake.Script{NoReady: true}) },
		"history hangs": func(s *discordfake.Server) {
			s.Fail(discordfake.Fault{Method: "GET", Path: "/messages", Hang: true, Times: -1})
		},
		"answers hang": func(s *discordfake.Server) { s.Fail(discordfake.Fault{Method: "POST", Hang: true, Times: -1}) },
	}
	for state, prepare := range states {
		t.Run(state, func(t *testing.T) {
			s := fake(t, discordfake.Config{})
			prepare(s)
			ann := s.NewUser("ann")
			room := s.NewChannel(s.NewGuild("a community"), discordfake.TextChannel, "", "general")
			s.Say(ann, room.ID, "<@"+s.Bot().ID+"> What is KAP?") // to be caught up with
			e := engine.New(theBot(), engine.NewMemory(), engine.Options{})
			a, err := discord.New(discord.Options{Token: s.Token(), ApplicationID: s.Bot().ID, APIURL: s.APIURL(), Bot: theBot(), Engine: e, Store: engine.NewMemory()})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- a.Run(ctx) }()
			w := &world{Server: s, t: t}
			w.await("a sign of life", func() bool { return len(s.Requests("", "")) > 0 || len(s.Sockets()) > 0 })
			if len(s.Sockets()) > 0 {
				s.Command(discordfake.Use{User: ann, Channel: room}, "kap", discordfake.Sub("topics"))
			}
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(5 * time.Second):
				t.Error("Run has not returned 5 s after its context ended")
			}
			draining, done := context.WithTimeout(context.Background(), time.Millisecond)
			defer done()
			_ = e.Drain(draining) // what hangs is given up
		})
	}
}
