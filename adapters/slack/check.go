package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/slack-go/slack"
)

// Finding is one thing that `kapbot check --online` found.
type Finding struct {
	OK   bool
	Text string // what was seen, and the way out if it is not well
}

// Check asks Slack whether the tokens are good and which scopes and events are
// missing. It changes nothing.
func (a *Adapter) Check(ctx context.Context) []Finding {
	var found []Finding
	if a.o.BotToken != "" {
		found = append(found, a.checkBot(ctx)...)
	}
	if a.o.Mode == Socket {
		found = append(found, a.checkSocket(ctx))
	}
	if a.o.ConfigToken != "" && a.o.AppID != "" {
		found = append(found, a.checkEvents(ctx))
	} else {
		found = append(found, Finding{true, "slack: events are not checked; Slack shows them only to an app configuration token. Compare with: kapbot manifest slack"})
	}
	return found
}

func (a *Adapter) checkBot(ctx context.Context) []Finding {
	var mu sync.Mutex
	var granted string
	api := slack.New(a.o.BotToken, slack.OptionAPIURL(a.o.APIURL), slack.OptionHTTPClient(a.o.httpClient()), slack.OptionLog(silent),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) {
			mu.Lock()
			defer mu.Unlock()
			granted = h.Get("X-OAuth-Scopes")
		}))
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		if reason := fatal(err); reason != "" {
			return []Finding{{false, (&BotTokenError{Reason: reason}).Error()}}
		}
		return []Finding{{false, "slack: auth.test failed (" + cause(err) + "): is api_url reachable from here?"}}
	}
	found := []Finding{{true, "slack: bot_token is good for the workspace " + who.Team}}
	mu.Lock()
	defer mu.Unlock()
	if granted == "" {
		return found
	}
	have := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	if lacking := missing(scopes(), have); len(lacking) > 0 {
		return append(found, Finding{false, "slack: missing scope " + strings.Join(lacking, ", ") + ": add it under OAuth & Permissions, then install the app again"})
	}
	return append(found, Finding{true, "slack: all scopes are granted"})
}

func (a *Adapter) checkSocket(ctx context.Context) Finding {
	api := slack.New("", slack.OptionAppLevelToken(a.o.AppToken), slack.OptionAPIURL(a.o.APIURL), slack.OptionHTTPClient(a.o.httpClient()), slack.OptionLog(silent))
	_, _, err := api.StartSocketModeContext(ctx)
	switch reason := fatal(err); {
	case err == nil:
		return Finding{true, "slack: app_token is good for Socket Mode"}
	case reason != "":
		return Finding{false, (&TokenError{Reason: reason}).Error()}
	default:
		return Finding{false, "slack: apps.connections.open failed (" + cause(err) + "): is Socket Mode on, and api_url reachable from here?"}
	}
}

func (a *Adapter) checkEvents(ctx context.Context) Finding {
	api := slack.New("", slack.OptionAPIURL(a.o.APIURL), slack.OptionHTTPClient(a.o.httpClient()), slack.OptionLog(silent))
	m, err := api.ExportManifestContext(ctx, a.o.ConfigToken, a.o.AppID)
	if err != nil {
		return Finding{false, "slack: the app's manifest cannot be read (" + cause(err) + "): make a new app configuration token, they last 12 hours"}
	}
	var have []string
	if m.Settings.EventSubscriptions != nil {
		have = m.Settings.EventSubscriptions.BotEvents
	}
	if lacking := missing(events(a.o.Install != nil), have); len(lacking) > 0 {
		return Finding{false, "slack: missing event " + strings.Join(lacking, ", ") + ": add it under Event Subscriptions"}
	}
	return Finding{true, "slack: all events are subscribed to"}
}

func missing(want, have []string) []string {
	var out []string
	for _, s := range want {
		if !slices.Contains(have, s) {
			out = append(out, s)
		}
	}
	return out
}
