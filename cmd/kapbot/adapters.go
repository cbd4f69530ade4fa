package main

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"kapbot/adapters/discord"
	"kapbot/adapters/slack"
	"kapbot/adapters/web"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/operator"
	"kapbot/cmd/kapbot/service"
)

// adapters makes the adapters that are configured.
func adapters(b service.Base) ([]service.Adapter, error) {
	var all []service.Adapter
	if b.Config.Slack.On {
		a, err := slack.New(slackOptions(b))
		if err != nil {
			return nil, err
		}
		if err := watchSlack(b.Metrics, a); err != nil {
			return nil, err
		}
		all = append(all, service.Adapter{Name: slack.Name, Run: a.Run, Healthy: a.Healthy})
	}
	if b.Config.Discord.On {
		a, err := newDiscord(b)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if b.Config.Web.Listen != "" {
		s, err := web.New(webOptions(b))
		if err != nil {
			return nil, err
		}
		all = append(all, service.Adapter{Name: "web", Run: s.Run})
	}
	return all, nil
}

func slackOptions(b service.Base) slack.Options {
	c := b.Config.Slack
	o := slack.Options{
		Bot: b.Bot, Engine: b.Engine,
		BotToken: c.BotToken.Reveal(), AppToken: c.AppToken.Reveal(), SigningSecret: c.SigningSecret.Reveal(),
		Mode: slack.Mode(c.Mode), Listen: c.Listen, APIURL: c.APIURL, Connections: c.Connections,
		AutoAnswer: c.AutoAnswer, AlertChannel: c.ModeratorsChannel,
		Log: b.Log.With("adapter", slack.Name),
	}
	if c.ClientID != "" {
		key := sha256.Sum256([]byte(c.TokenKey.Reveal()))
		o.Install = &slack.Install{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Key: key[:],
			RedirectURL: strings.TrimSuffix(c.PublicURL, "/") + "/slack/oauth", Settings: b.Store,
		}
	}
	return o
}

// newDiscord returns an adapter that is made anew each time it is started: one of
// discord's runs once.
func newDiscord(b service.Base) (service.Adapter, error) {
	first, err := discord.New(discordOptions(b))
	if err != nil {
		return service.Adapter{}, err
	}
	var current atomic.Pointer[discord.Adapter]
	current.Store(first)
	err = watch(b.Metrics, "discord", []counter{
		{"reconnects", reconnectsHelp, func() int64 { return current.Load().Reconnects() }},
		{"retries", retriesHelp, func() int64 { return current.Load().Retries() }},
	})
	if err != nil {
		return service.Adapter{}, err
	}
	started := false
	return service.Adapter{
		Name: "discord",
		Run: func(ctx context.Context) error {
			if started {
				again, err := discord.New(discordOptions(b))
				if err != nil {
					return err
				}
				current.Store(again)
			}
			started = true
			return current.Load().Run(ctx)
		},
		Healthy: func() error { return current.Load().Health() },
	}, nil
}

func discordOptions(b service.Base) discord.Options {
	c := b.Config.Discord
	return discord.Options{
		Bot: b.Bot, Engine: b.Engine, Store: b.Store,
		Token: c.Token.Reveal(), ApplicationID: c.ApplicationID, Mode: c.Mode, Listen: c.Listen, PublicKey: c.PublicKey,
		APIURL: c.APIURL, MessageContent: c.MessageContent, Guild: c.Guild, Shards: c.Shards,
		Log: b.Log.With("adapter", "discord"),
	}
}

func webOptions(b service.Base) web.Options {
	c := b.Config.Web
	return web.Options{
		Bot: b.Bot, Asker: service.NewAsker(b.Bot, b.Engine), Rater: b.Engine,
		Listen: c.Listen, URL: c.PublicURL, Origins: c.Origins, Proxies: prefixes(c.TrustedProxies),
		Key:             []byte(c.Key.Reveal()),
		KeepsUnanswered: b.Config.KeepUnanswered,
		TLS:             webTLS(c),
		Log:             b.Log.With("adapter", "web"),
	}
}

func webTLS(c config.Web) web.TLS {
	t := web.TLS{Cert: c.TLSCert, Key: c.TLSKey, Hosts: c.ACMEHosts}
	if len(t.Hosts) > 0 {
		t.Cache = c.ACMECache
	}
	return t
}

// prefixes reads networks that the configuration has already checked; an
// address is a network of one.
func prefixes(networks []string) []netip.Prefix {
	var out []netip.Prefix
	for _, n := range networks {
		if p, err := netip.ParsePrefix(n); err == nil {
			out = append(out, p)
		} else if a, err := netip.ParseAddr(n); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return out
}

// operatorPage makes the page for the operator.
func operatorPage(b service.Base) (http.Handler, error) {
	return operator.New(operator.Options{
		Store: b.Store, Health: b.Health.Report, Adapters: b.Health.Adapters,
		Latency: b.Metrics.Latencies, Topics: b.Bot.Topics, Log: b.Log,
	})
}
