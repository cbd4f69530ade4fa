package discord_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/bot/engine"
)

func TestCommandsAreRegisteredWhenChanged(t *testing.T) {
	s := fake(t, discordfake.Config{})
	store := engine.NewMemory()
	for _, start := range []struct {
		guild string
		noted int
	}{{"", 1}, {"", 1}, {"42", 2}} {
		w := replica(t, s, store, func(o *discord.Options) { o.Guild = start.guild })
		w.connected()
		for noted := 0; noted < start.noted; {
			names, err := store.ListSettings(t.Context(), "discord/commands")
			if err != nil {
				t.Fatal(err)
			}
			noted = len(names)
			runtime.Gosched()
		}
		w.stop()
	}
	puts := s.Requests("PUT", "/commands")
	if len(puts) != 2 || strings.Contains(puts[0].Path, "guilds") || !strings.Contains(puts[1].Path, "/guilds/42/") {
		t.Errorf("registered with %d requests, want one for all and one for the guild", len(puts))
	}
	if body := string(puts[0].Body); !strings.Contains(body, `"es-ES":"preguntar"`) || strings.Contains(body, "null") {
		t.Errorf("registered %s", body)
	}
}

// A start does not fail because the commands could not be registered.
func TestRegistrationGoesOnTrying(t *testing.T) {
	s := fake(t, discordfake.Config{})
	s.Fail(discordfake.Fault{Path: "/commands", Status: 503, Times: 3}, discordfake.Fault{Path: "/commands", Status: 400, Body: `{"code":50035}`})
	w := replica(t, s, engine.NewMemory(), func(o *discord.Options) { o.REST.Tries = 1 })
	w.await("the commands", func() bool { return len(s.Commands("")) > 0 })
}

func TestWrongOptionsAreAllNamed(t *testing.T) {
	_, err := discord.New(discord.Options{Mode: "pigeon", ApplicationID: "kapbot"})
	for _, want := range []string{"token", "application_id", `"pigeon"`, "store"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

func TestManifest(t *testing.T) {
	for content, want := range map[bool]string{false: "leave off: commands", true: "switch ON"} {
		got := discord.Manifest("123", content)
		if !strings.Contains(got, "client_id=123") || !strings.Contains(got, "permissions=274877975552") || !strings.Contains(got, want) {
			t.Errorf("message content %v:\n%s", content, got)
		}
	}
}

func TestCheck(t *testing.T) {
	s := fake(t, discordfake.Config{NoMessageContent: true})
	w := replica(t, s, engine.NewMemory())
	w.await("the commands", func() bool { return len(s.Commands("")) > 0 })
	bad := func() (mends string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for _, f := range w.adapter.Check(ctx) {
			if f.OK != (f.Mend == "") {
				t.Errorf("%+v", f)
			}
			mends += f.Mend + "\n"
		}
		return mends
	}
	if got := bad(); !strings.Contains(got, "message_content = false") || !strings.Contains(got, "invite link") {
		t.Errorf("check says %s", got)
	}
	s.NewGuild("a community")
	if got := bad(); strings.Contains(got, "invite link") {
		t.Errorf("check says %s", got)
	}
	s.Fail(discordfake.Fault{Path: "/users/@me", Status: 401})
	if got := bad(); !strings.Contains(got, "Reset Token") {
		t.Errorf("check says %s", got)
	}
}
