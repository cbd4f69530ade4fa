package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// Engine is what the adapter hands questions to. *engine.Engine is one.
type Engine interface {
	Submit(ctx context.Context, e engine.Event) error
	Rate(ctx context.Context, adapter, person, answer string, r engine.Rating) error
}

// Mode is how Slack reaches the adapter.
type Mode string

// The modes.
const (
	Socket Mode = "socket" // the adapter opens WebSockets; nothing listens
	HTTP   Mode = "http"   // Slack posts to Listen; for several replicas
)

// Options are the settings of an Adapter. Bot, Engine and the tokens of the mode
// are required; every other zero value is good for production.
type Options struct {
	Bot    *bot.Bot
	Engine Engine

	BotToken      string // xoxb-…; without it workspaces come from Install
	AppToken      string // xapp-…, for Socket
	SigningSecret string // for HTTP
	Mode          Mode   // default Socket
	Listen        string // address for HTTP, ":3000"
	APIURL        string // default https://slack.com/api/
	Install       *Install

	// AppID and ConfigToken (an app configuration token) let Check see which events
	// the app subscribes to; nothing else uses them.
	AppID, ConfigToken string

	// AutoAnswer holds ids of channels in which a question is answered without a
	// mention, when the bot is certain.
	AutoAnswer []string
	// AlertChannel is the id of the channel in which moderators are asked to look in
	// on someone, or "".
	AlertChannel string

	Connections int // sockets to keep open; default 2

	AckPatience time.Duration // acknowledge after it, even if work goes on; default 2.5 s
	EditWithin  time.Duration // an edit so soon changes the answer; default 1 min
	StatusAfter time.Duration // show "is looking it up" after it; default 700 ms
	Timeout     time.Duration // of one Web API call; default 10 s

	PingEvery time.Duration // pings on a socket; default 4 s
	Silence   time.Duration // a socket so long without a byte is dead; default 12 s

	ReconnectFirst   time.Duration // first wait before a new socket; default 250 ms
	ReconnectLongest time.Duration // longest wait; default 15 s
	ReconnectSteady  time.Duration // a socket that held so long was good; default 30 s

	RetryFirst   time.Duration // first wait before a post is tried again; default 500 ms
	RetryLongest time.Duration // longest wait; default 10 s
	// Again are the waits before a question that Slack no longer asks is tried again.
	Again []time.Duration // default 5 s, 30 s, 2 min, 5 min

	Log *slog.Logger // default: no log
}

func (o Options) withDefaults() Options {
	def(&o.Mode, Socket)
	def(&o.APIURL, "https://slack.com/api/")
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	def(&o.Connections, 2)
	def(&o.AckPatience, 2500*time.Millisecond)
	def(&o.EditWithin, time.Minute)
	def(&o.StatusAfter, 700*time.Millisecond)
	def(&o.Timeout, 10*time.Second)
	def(&o.PingEvery, 4*time.Second)
	def(&o.Silence, 12*time.Second)
	def(&o.ReconnectFirst, 250*time.Millisecond)
	def(&o.ReconnectLongest, 15*time.Second)
	def(&o.ReconnectSteady, 30*time.Second)
	def(&o.RetryFirst, 500*time.Millisecond)
	def(&o.RetryLongest, 10*time.Second)
	if o.Again == nil {
		o.Again = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// validate names everything that is missing, and the way out.
func (o Options) validate() error {
	var errs []error
	need := func(ok bool, text string) {
		if !ok {
			errs = append(errs, errors.New(text))
		}
	}
	need(o.Bot != nil && o.Engine != nil, "slack: a bot and an engine are needed")
	need(o.BotToken != "" || o.Install != nil, "slack: set bot_token (xoxb-…, under OAuth & Permissions), or the keys for installing into many workspaces")
	need(o.BotToken == "" || strings.HasPrefix(o.BotToken, "xox"), "slack: bot_token does not begin with xoxb-; take it from OAuth & Permissions")
	switch o.Mode {
	case Socket:
		need(o.AppToken != "", "slack: set app_token (xapp-…, with the scope connections:write, under Basic Information), or mode = \"http\"")
		need(o.AppToken == "" || strings.HasPrefix(o.AppToken, "xapp-"), "slack: app_token does not begin with xapp-; make an app-level token under Basic Information")
	case HTTP:
		need(o.SigningSecret != "", "slack: set signing_secret (under Basic Information) for mode = \"http\"")
		need(o.Listen != "", "slack: set listen (\":3000\") for mode = \"http\"")
	default:
		errs = append(errs, errors.New("slack: mode is \"socket\" or \"http\""))
	}
	if u, err := url.Parse(o.APIURL); err != nil || u.Host == "" {
		errs = append(errs, errors.New("slack: api_url is not an address like https://slack.com/api/"))
	}
	errs = append(errs, o.Install.validate())
	return errors.Join(errs...)
}

// httpClient returns the client for Slack's Web API.
func (o Options) httpClient() *http.Client { return &http.Client{Timeout: o.Timeout} }
