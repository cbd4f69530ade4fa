package config

import "log/slog"

// Config holds all settings of kapbot. Default returns the ones that apply
// where nothing is written.
type Config struct {
	// File is the path that the settings were read from, or "".
	File string

	Documents      []string // Markdown files added to the built-in one
	Region         string   // whose lines of help are shown where the locale does not say
	Regions        string   // a TOML file with regions to add or replace, or ""
	Store          Secret   // "memory", "sqlite:PATH" or "postgres://…", which may hold a password
	Secret         Secret   // keys the hashes of ids at rest
	KeepUnanswered bool

	Log     Log
	Ops     Ops
	Limits  Limits
	Slack   Slack
	Discord Discord
	Web     Web
}

// Log says what the log shows.
type Log struct {
	Level  slog.Level
	Format string // "auto", "text" or "json"
}

// Ops is the listener for the operator: metrics, health, readiness, insights.
type Ops struct {
	Listen    string
	Token     Secret // asked for on the operator's page unless the listener is on loopback
	Profiling bool   // pprof, on loopback only
}

// Limits bound what one person or one channel can ask of the bot.
type Limits struct {
	Queue                          int // events of one adapter in hand
	PersonPerMinute, PersonBurst   int
	ChannelPerMinute, ChannelBurst int
}

// Slack is the [slack] table.
type Slack struct {
	On                bool // something is set in the table
	BotToken          Secret
	AppToken          Secret
	SigningSecret     Secret
	Mode              string // "socket" or "http"
	Listen            string // in http mode
	APIURL            string
	Connections       int // in socket mode
	AutoAnswer        []string
	ModeratorsChannel string
	ClientID          string // of OAuth installation, in http mode
	ClientSecret      Secret
	TokenKey          Secret // encrypts installed workspaces' tokens at rest
	PublicURL         string // where Slack reaches the listener
}

// Discord is the [discord] table.
type Discord struct {
	On             bool // something is set in the table
	Token          Secret
	ApplicationID  string
	Mode           string // "gateway" or "http"
	Listen         string // in http mode
	PublicKey      string // in http mode: 64 hexadecimal digits
	APIURL         string
	Shards         int    // 0: as many as Discord advises
	Guild          string // register commands in one guild only, to try them out
	MessageContent bool   // the privileged intent is switched on
}

// Web is the [web] table. It is on when Listen is set.
type Web struct {
	Listen         string
	PublicURL      string   // the address that visitors see, for canonical links
	Origins        []string // sites that may embed the page
	TrustedProxies []string // networks whose X-Forwarded-For is believed
	Key            Secret   // signs conversation tokens; replicas must share it
	TLSCert        string
	TLSKey         string
	ACMEHosts      []string // host names to get certificates for
	ACMECache      string   // folder that keeps them
}

// Default returns the settings that apply where nothing is written.
func Default() Config {
	return Config{
		Region:  "US",
		Store:   NewSecret("sqlite:kapbot.db"),
		Log:     Log{Level: slog.LevelInfo, Format: "auto"},
		Ops:     Ops{Listen: "127.0.0.1:9464"},
		Limits:  Limits{Queue: 1024, PersonPerMinute: 20, PersonBurst: 10, ChannelPerMinute: 120, ChannelBurst: 60},
		Slack:   Slack{Mode: "socket", APIURL: "https://slack.com/api/", Connections: 2},
		Discord: Discord{Mode: "gateway", APIURL: "https://discord.com/api/v10/"},
		Web:     Web{ACMECache: "acme"},
	}
}
