package config

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"kapbot/bot"
)

// key is one setting: its name in the file and the field that it fills.
type key struct {
	name  string
	value value
	// live says that a new value takes effect on SIGHUP, without a restart.
	live bool
	// empty says that "" is a value. For every other key a variable of the
	// environment that is set to nothing is as good as not set.
	empty bool
}

// env is the environment variable that overrides the key.
func (k key) env() string {
	return "KAPBOT_" + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

// keys lists all settings, bound to the fields of c. Relative paths of secrets
// start at dir, and secrets named env:NAME are looked up by lookup.
func keys(c *Config, dir string, lookup func(string) (string, bool)) []key {
	hidden := func(field *Secret, rules ...rule) secret {
		return secret{field: field, dir: dir, lookup: lookup, rules: rules}
	}
	return []key{
		{name: "documents", value: list{&c.Documents, []rule{filled}}, live: true},
		{name: "region", value: text{&c.Region, nil}},
		{name: "regions", value: text{&c.Regions, nil}},
		{name: "store", value: place{hidden(&c.Store, store)}},
		{name: "secret", value: hidden(&c.Secret, long)},
		{name: "keep_unanswered", value: yesno{&c.KeepUnanswered}},

		{name: "log.level", value: level{&c.Log.Level}, live: true},
		{name: "log.format", value: text{&c.Log.Format, []rule{oneOf("auto", "text", "json")}}},

		{name: "ops.listen", value: text{&c.Ops.Listen, []rule{addressOrOff}}, empty: true},
		{name: "ops.token", value: hidden(&c.Ops.Token, long)},
		{name: "ops.profiling", value: yesno{&c.Ops.Profiling}},

		{name: "limits.queue", value: whole{&c.Limits.Queue, 16, 1 << 20}},
		{name: "limits.person_per_minute", value: whole{&c.Limits.PersonPerMinute, 1, 6000}},
		{name: "limits.person_burst", value: whole{&c.Limits.PersonBurst, 1, 1000}},
		{name: "limits.channel_per_minute", value: whole{&c.Limits.ChannelPerMinute, 1, 60000}},
		{name: "limits.channel_burst", value: whole{&c.Limits.ChannelBurst, 1, 10000}},

		{name: "slack.bot_token", value: hidden(&c.Slack.BotToken, prefixed("a bot token", "xoxb-", "xoxe."))},
		{name: "slack.app_token", value: hidden(&c.Slack.AppToken, prefixed("an app-level token", "xapp-"))},
		{name: "slack.signing_secret", value: hidden(&c.Slack.SigningSecret)},
		{name: "slack.mode", value: text{&c.Slack.Mode, []rule{oneOf("socket", "http")}}},
		{name: "slack.listen", value: text{&c.Slack.Listen, []rule{address}}},
		{name: "slack.api_url", value: text{&c.Slack.APIURL, []rule{webURL}}},
		{name: "slack.connections", value: whole{&c.Slack.Connections, 1, 10}},
		{name: "slack.auto_answer_channels", value: list{&c.Slack.AutoAnswer, []rule{channel}}},
		{name: "slack.moderators_channel", value: text{&c.Slack.ModeratorsChannel, []rule{channel}}},
		{name: "slack.client_id", value: text{&c.Slack.ClientID, []rule{filled}}},
		{name: "slack.client_secret", value: hidden(&c.Slack.ClientSecret)},
		{name: "slack.token_key", value: hidden(&c.Slack.TokenKey, long)},
		{name: "slack.public_url", value: text{&c.Slack.PublicURL, []rule{webURL}}},

		{name: "discord.token", value: hidden(&c.Discord.Token)},
		{name: "discord.application_id", value: text{&c.Discord.ApplicationID, []rule{snowflake}}},
		{name: "discord.mode", value: text{&c.Discord.Mode, []rule{oneOf("gateway", "http")}}},
		{name: "discord.listen", value: text{&c.Discord.Listen, []rule{address}}},
		{name: "discord.public_key", value: text{&c.Discord.PublicKey, []rule{ed25519Key}}},
		{name: "discord.api_url", value: text{&c.Discord.APIURL, []rule{webURL}}},
		{name: "discord.shards", value: whole{&c.Discord.Shards, 0, 16384}},
		{name: "discord.guild", value: text{&c.Discord.Guild, []rule{snowflake}}},
		{name: "discord.message_content", value: yesno{&c.Discord.MessageContent}},

		{name: "web.listen", value: text{&c.Web.Listen, []rule{address}}},
		{name: "web.public_url", value: text{&c.Web.PublicURL, []rule{webURL}}},
		{name: "web.origins", value: list{&c.Web.Origins, []rule{origin}}},
		{name: "web.trusted_proxies", value: list{&c.Web.TrustedProxies, []rule{network}}},
		{name: "web.key", value: hidden(&c.Web.Key, long)},
		{name: "web.tls_cert", value: text{&c.Web.TLSCert, []rule{filled}}},
		{name: "web.tls_key", value: text{&c.Web.TLSKey, []rule{filled}}},
		{name: "web.acme_hosts", value: list{&c.Web.ACMEHosts, []rule{filled}}},
		{name: "web.acme_cache", value: text{&c.Web.ACMECache, []rule{filled}}},
	}
}

// tables lists the names that come before a point in a key.
func tables(ks []key) []string {
	set := map[string]bool{}
	for _, k := range ks {
		if table, _, ok := strings.Cut(k.name, "."); ok {
			set[table] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// NeedRestart lists the keys whose values differ between old and new and take
// effect only when kapbot starts anew.
func NeedRestart(old, fresh Config) []string {
	none := func(string) (string, bool) { return "", false }
	was, is := keys(&old, "", none), keys(&fresh, "", none)
	var names []string
	for i := range was {
		if !was[i].live && !same(was[i].value, is[i].value) {
			names = append(names, was[i].name)
		}
	}
	return names
}

// Secrets lists the values that must never be shown.
func (c Config) Secrets() []string {
	none := func(string) (string, bool) { return "", false }
	var values []string
	for _, k := range keys(&c, "", none) {
		switch v := k.value.(type) {
		case secret:
			values = append(values, v.field.value)
		case place:
			if u, err := url.Parse(v.field.value); err == nil {
				password, _ := u.User.Password()
				values = append(values, password)
			}
		}
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// same compares two values of one key; secrets by what they hide.
func same(a, b value) bool {
	hidden := func(v value) *Secret {
		switch v := v.(type) {
		case secret:
			return v.field
		case place:
			return v.field
		}
		return nil
	}
	if x, y := hidden(a), hidden(b); x != nil && y != nil {
		return x.value == y.value
	}
	return a.toml() == b.toml()
}

// knownRegions are the codes that the program knows without a regions file.
func knownRegions() []string {
	r, err := bot.BuiltinRegions()
	if err != nil {
		return nil // the file is part of the program; a test of package bot reads it
	}
	return slices.Sorted(maps.Keys(r))
}
