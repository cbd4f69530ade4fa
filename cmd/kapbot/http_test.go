package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/slack/slackfake"
)

// TestHTTPModes lets the platforms call kapbot instead of the other way round.
func TestHTTPModes(t *testing.T) {
	workspace := slackfake.New(slackfake.Options{SigningSecret: "canary-signing-secret", Retries: []time.Duration{0, time.Second, time.Second}})
	defer workspace.Close()
	community, err := discordfake.Start(discordfake.Config{Token: "canary-discord-token"})
	if err != nil {
		t.Fatal(err)
	}
	defer community.Close()
	signer, err := discordfake.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	events, interactions := freeAddress(t), freeAddress(t)
	p := serve(t, t.TempDir(), fmt.Sprintf(`
[slack]
mode = "http"
listen = %q
bot_token = "env:BOT"
signing_secret = "env:SIGNING"
api_url = %q
[discord]
mode = "http"
listen = %q
public_key = %q
token = "env:DISCORD"
application_id = %q
api_url = %q
`, events, workspace.APIURL(), interactions, signer.Public, community.Bot().ID, community.APIURL()),
		append([]string{"SIGNING=canary-signing-secret"}, tokens...)...)

	workspace.Post("http://"+events+"/slack/events", slackfake.Mention("C1", "U1", "What is KAP?"))
	p.until("Slack is answered", func() bool { return len(workspace.Messages("C1")) == 1 })

	guild := community.NewGuild("clinic")
	use := discordfake.Use{User: community.NewUser("ann"), Channel: community.NewChannel(guild, discordfake.TextChannel, "", "general")}
	ask := map[string]any{"name": "kap", "type": 1, "options": []any{map[string]any{
		"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": "What is KAP?"}},
	}}}
	p.until("Discord is answered", func() bool {
		id, status, err := community.PostInteraction(signer, "http://"+interactions+"/", use, 2, ask)
		return err == nil && status == http.StatusOK && len(community.Interaction(id).Responses) > 0
	})
	stranger, err := discordfake.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	if _, status, err := community.PostInteraction(stranger, "http://"+interactions+"/", use, 2, ask); err != nil || status != http.StatusUnauthorized {
		t.Errorf("another's signature: status %d, %v", status, err)
	}
	if strings.Contains(p.out.String(), "canary") {
		t.Error("a secret is in the log")
	}
}
