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
		{"documents", list{&c.Documents, []rule{filled}}, true},
		{"region", text{&c.Region, nil}, false},
		{"regions", text{&c.Regions, nil}, false},
		{"store", place{hidden(&c.Store, store)}, false},
		{"secret", hidden(&c.Secret, long), false},
		{"keep_unanswered", yesno{&c.KeepUnanswered}, false},

		{"log.level", level{&c.Log.Level}, true},
		{"log.format", text{&c.Log.Format, []rule{oneOf("auto", "text", "json")}}, false},

		{"ops.listen", text{&c.Ops.Listen, []rule{addressOrOff}}, false},
		{"ops.token", hidden(&c.Ops.Token, long), false},
		{"ops.profiling", yesno{&c.Ops.Profiling}, false},

		{"limits.queue", whole{&c.Limits.Queue, 16, 1 << 20}, false},
		{"limits.person_per_minute", whole{&c.Limits.PersonPerMinute, 1, 6000}, false},
		{"limits.person_burst", whole{&c.Limits.PersonBurst, 1, 1000}, false},
		{"limits.channel_per_minute", whole{&c.Limits.ChannelPerMinute, 1, 60000}, false},
		{"limits.channel_burst", whole{&c.Limits.ChannelBurst, 1, 10000}, false},

		{"slack.bot_token", hidden(&c.Slack.BotToken, prefixed("a bot token", "xoxb-", "xoxe.")), false},
		{"slack.app_token", hidden(&c.Slack.AppToken, prefixed("an app-level token", "xapp-")), false},
		{"slack.signing_secret", hidden(&c.Slack.SigningSecret), false},
		{"slack.mode", text{&c.Slack.Mode, []rule{oneOf("socket", "http")}}, false},
		{"slack.listen", text{&c.Slack.Listen, []rule{address}}, false},
		{"slack.api_url", text{&c.Slack.APIURL, []rule{webURL}}, false},
		{"slack.connections", whole{&c.Slack.Connections, 1, 10}, false},
		{"slack.auto_answer_channels", list{&c.Slack.AutoAnswer, []rule{channel}}, false},
		{"slack.moderators_channel", text{&c.Slack.ModeratorsChannel, []rule{channel}}, false},
		{"slack.client_id", text{&c.Slack.ClientID, []rule{filled}}, false},
		{"slack.client_secret", hidden(&c.Slack.ClientSecret), false},
		{"slack.token_key", hidden(&c.Slack.TokenKey, long), false},
		{"slack.public_url", text{&c.Slack.PublicURL, []rule{webURL}}, false},

		{"discord.token", hidden(&c.Discord.Token), false},
		{"discord.application_id", text{&c.Discord.ApplicationID, []rule{snowflake}}, false},
		{"discord.mode", text{&c.Discord.Mode, []rule{oneOf("gateway", "http")}}, false},
		{"discord.listen", text{&c.Discord.Listen, []rule{address}}, false},
		{"discord.public_key", text{&c.Discord.PublicKey, []rule{ed25519Key}}, false},
		{"discord.api_url", text{&c.Discord.APIURL, []rule{webURL}}, false},
		{"discord.shards", whole{&c.Discord.Shards, 0, 16384}, false},
		{"discord.guild", text{&c.Discord.Guild, []rule{snowflake}}, false},
		{"discord.message_content", yesno{&c.Discord.MessageContent}, false},
		{"discord.auto_answer_channels", list{&c.Discord.AutoAnswer, []rule{snowflake}}, false},
		{"discord.moderators_channel", text{&c.Discord.ModeratorsChannel, []rule{snowflake}}, false},

		{"web.listen", text{&c.Web.Listen, []rule{address}}, false},
		{"web.public_url", text{&c.Web.PublicURL, []rule{webURL}}, false},
		{"web.origins", list{&c.Web.Origins, []rule{origin}}, false},
		{"web.trusted_proxies", list{&c.Web.TrustedProxies, []rule{network}}, false},
		{"web.key", hidden(&c.Web.Key, long), false},
		{"web.tls_cert", text{&c.Web.TLSCert, []rule{filled}}, false},
		{"web.tls_key", text{&c.Web.TLSKey, []rule{filled}}, false},
		{"web.acme_hosts", list{&c.Web.ACMEHosts, []rule{filled}}, false},
		{"web.acme_cache", text{&c.Web.ACMECache, []rule{filled}}, false},
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
