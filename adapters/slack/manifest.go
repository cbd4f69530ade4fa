package slack

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// ManifestOptions are what differs between manifests.
type ManifestOptions struct {
	// HTTP is the public base address that Slack posts to ("https://kap.example.org").
	// Without it the manifest is for Socket Mode.
	HTTP string
	// Install adds what installing into many workspaces needs; only with HTTP.
	Install bool
	// Bot gives the suggested prompts; nil leaves them out.
	Bot *bot.Bot
}

// scopes are the bot's permissions, and each is needed:
// app_mentions:read for mentions, chat:write to answer, commands for /kap and the
// shortcut, im:write to open a direct message for a private answer, and the
// histories for direct messages, for threads that it takes part in, and to look
// whether an answer was posted before it is posted again.
func scopes() []string {
	return []string{"app_mentions:read", "channels:history", "chat:write", "commands", "groups:history", "im:history", "im:write", "mpim:history"}
}

// events are what the app subscribes to.
func events(install bool) []string {
	list := []string{"app_home_opened", "app_mention"}
	if install {
		list = append(list, "app_uninstalled")
	}
	list = append(list, "message.channels", "message.groups", "message.im", "message.mpim")
	if install {
		list = append(list, "tokens_revoked")
	}
	return list
}

// Manifest returns the app manifest, to be pasted when the app is made. See
// docs.slack.dev/reference/app-manifest.
func Manifest(o ManifestOptions) ([]byte, error) {
	base := strings.TrimSuffix(o.HTTP, "/")
	if base != "" {
		if u, err := url.Parse(base); err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, errors.New("slack: the address for HTTP must begin with https:// and name a host, like https://kap.example.org")
		}
	}
	address := func(path string) string {
		if base == "" {
			return ""
		}
		return base + path
	}
	no := false
	install := o.Install && base != ""
	m := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 2, MinorVersion: 0},
		Display: slack.Display{
			Name: "KAP bot", Description: "Answers questions about ketamine-assisted psychotherapy from one vetted document.",
			LongDescription: "A computer program that answers questions about ketamine-assisted psychotherapy (KAP) with the words of one vetted document, " +
				"and says so when the document has no answer. It gives general information, not medical advice, and it keeps nothing of what people type. " +
				"Please do not share health details with it.",
			BackgroundColor: "#1f4e5f",
		},
		Features: slack.Features{
			AgentView: &slack.AgentView{
				AgentDescription: "A computer program, not a clinician. Ask about ketamine-assisted psychotherapy (KAP); please do not share health details.",
				SuggestedPrompts: prompts(o.Bot),
			},
			AppHome: slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser: slack.BotUser{DisplayName: "kap", AlwaysOnline: true},
			Shortcuts: []slack.Shortcut{{
				Name: "Answer with KAP bot", CallbackID: shortcutID, Type: slack.MessageShortcut,
				Description: "See what the document says to this message",
			}},
			SlashCommands: []slack.ManifestSlashCommand{{
				Command: "/kap", Description: "Ask about ketamine-assisted psychotherapy", UsageHint: "[question] or topics, evidence, checklist",
				Url: address(pathCommands), ShouldEscape: true,
			}},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: scopes()}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: address(pathEvents), BotEvents: events(install)},
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: address(pathInteractivity)},
			SocketModeEnabled:  base == "",
			OrgDeployEnabled:   install, TokenRotationEnabled: install,
		},
	}
	if install {
		m.OAuthConfig.RedirectUrls = []string{base + pathOAuth}
		m.OAuthConfig.TokenManagementEnabled = &no
	}
	out, err := json.MarshalIndent(m, "", "  ")
	return append(out, '\n'), err
}

func prompts(b *bot.Bot) []slack.ManifestSuggestedPrompt {
	if b == nil {
		return nil
	}
	var out []slack.ManifestSuggestedPrompt
	for _, t := range b.Topics() {
		if len(out) == maxPrompts {
			break
		}
		out = append(out, slack.ManifestSuggestedPrompt{Title: cut(t.Question, maxPromptTitle), Message: t.Question})
	}
	return out
}
