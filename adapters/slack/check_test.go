package slack_test

import (
	"context"
	"strings"
	"testing"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
)

// Check names what is missing, and the way out.
func TestCheck(t *testing.T) {
	all := []string{"app_mentions:read", "channels:history", "chat:write", "commands", "groups:history", "im:history", "im:write", "mpim:history"}
	for name, c := range map[string]struct {
		grants []string
		fail   map[string]string
		change func(*slack.Options)
		want   []string // in findings that are not well; none means all is well
	}{
		"all well":          {grants: all},
		"a scope less":      {grants: all[1:], want: []string{"missing scope app_mentions:read", "OAuth & Permissions"}},
		"bot token revoked": {fail: map[string]string{"auth.test": "token_revoked"}, want: []string{"bot_token refused (token_revoked)"}},
		"app token refused": {fail: map[string]string{"apps.connections.open": "invalid_auth"}, want: []string{"app_token refused (invalid_auth)", "connections:write"}},
		"slack is away":     {fail: map[string]string{"auth.test": "internal_error", "apps.connections.open": "internal_error"}, want: []string{"auth.test failed", "apps.connections.open failed"}},
		"an event less": {
			change: func(o *slack.Options) { o.AppID, o.ConfigToken = "A1", "xoxe.xoxp-1" },
			want:   []string{"missing event message.im"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := quick()
			o.Grants = c.grants
			fake := slackfake.New(o)
			defer fake.Close()
			for method, reason := range c.fail {
				fake.Fail(method, slackfake.Fault{Error: reason})
			}
			options := scaled(t, fake, nobody{})
			if c.change != nil {
				c.change(&options)
			}
			a, err := slack.New(options)
			if err != nil {
				t.Fatal(err)
			}
			var bad []string
			for _, f := range a.Check(context.Background()) {
				if !f.OK {
					bad = append(bad, f.Text)
				}
				if strings.Contains(f.Text, "xoxb-1") || strings.Contains(f.Text, "xapp-1") {
					t.Errorf("a token is shown: %s", f.Text)
				}
			}
			text := strings.Join(bad, "\n")
			if len(c.want) == 0 && text != "" {
				t.Errorf("found %s", text)
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("found %q, want %q", text, want)
				}
			}
		})
	}
}

// Options that cannot work are refused with a way out, all at once.
func TestOptions(t *testing.T) {
	fake := slackfake.New(quick())
	defer fake.Close()
	for name, c := range map[string]struct {
		change func(*slack.Options)
		want   string
	}{
		"no bot":             {func(o *slack.Options) { o.Bot = nil }, "a bot and an engine"},
		"no token":           {func(o *slack.Options) { o.BotToken = "" }, "set bot_token"},
		"tokens exchanged":   {func(o *slack.Options) { o.BotToken, o.AppToken = o.AppToken, o.BotToken }, "does not begin with xapp-"},
		"no app token":       {func(o *slack.Options) { o.AppToken = "" }, "set app_token"},
		"http, no secret":    {func(o *slack.Options) { o.Mode, o.Listen = slack.HTTP, ":0" }, "signing_secret"},
		"http, no address":   {func(o *slack.Options) { o.Mode, o.SigningSecret = slack.HTTP, "x" }, "set listen"},
		"made-up mode":       {func(o *slack.Options) { o.Mode = "pigeon" }, `"socket" or "http"`},
		"made-up address":    {func(o *slack.Options) { o.APIURL = "slack" }, "api_url"},
		"install, short key": {func(o *slack.Options) { o.Install = &slack.Install{ClientID: "c", ClientSecret: "s", Key: []byte("k")} }, "openssl rand"},
	} {
		t.Run(name, func(t *testing.T) {
			o := scaled(t, fake, nobody{})
			c.change(&o)
			if _, err := slack.New(o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New: %v, want %q", err, c.want)
			}
		})
	}
}

func TestManifestAddress(t *testing.T) {
	for _, bad := range []string{"http://kap.example.org", "kap.example.org", "https://"} {
		if _, err := slack.Manifest(slack.ManifestOptions{HTTP: bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
