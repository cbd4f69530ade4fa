package discord

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"kapbot/adapters/discord/gateway"
	"kapbot/adapters/discord/rest"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// name is the adapter's name in the engine, in metrics and in logs.
const name = "discord"

// The ways to receive interactions.
const (
	ModeGateway = "gateway" // a connection that we open; everything works
	ModeHTTP    = "http"    // Discord calls us; commands and buttons only
)

// Engine is what the adapter needs of the engine. *engine.Engine is one.
type Engine interface {
	Submit(ctx context.Context, e engine.Event) error
	Rate(ctx context.Context, adapter, person, answer string, r engine.Rating) error
}

// Options are the settings of an Adapter. Token, ApplicationID, Bot, Engine and Store are
// required, and in HTTP mode PublicKey and Listen.
type Options struct {
	Token         string
	ApplicationID string
	Mode          string // ModeGateway (the default) or ModeHTTP
	Listen        string // address of the HTTP endpoint: "127.0.0.1:8080"
	PublicKey     string // the application's, in hexadecimal
	APIURL        string // "" is Discord's own

	// MessageContent asks for the privileged intent that auto-answering
	// needs. Commands, mentions, replies and direct messages work without it.
	MessageContent bool
	// Guild registers the commands in this one server, at once, for trying out.
	Guild string
	// Shards is the number of shards; 0 takes what Discord recommends.
	Shards int

	Bot    *bot.Bot
	Engine Engine
	Store  gateway.Store
	Owner  string // names this replica in the store; default: random
	Log    *slog.Logger

	// Defer is when an interaction that is not answered yet is acknowledged;
	// Discord gives up after 3 s. Default 1.5 s.
	Defer time.Duration
	// CatchUp is how far back missed messages are read. Default 15 min.
	CatchUp time.Duration
	// EditWindow is how long an edited question changes its answer. Default 1 min.
	EditWindow time.Duration
	// Again is the pause before an event that could not be answered is tried
	// again, doubling up to a minute. Default 5 s.
	Again time.Duration
	// Fresh is how far the time of a signed request may be off. Default 5 min.
	Fresh time.Duration

	// Gateway and REST hold the waits of their packages; their other fields are
	// filled in from here.
	Gateway gateway.Options
	REST    rest.Options
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.Defer, 1500 * time.Millisecond}, {&o.CatchUp, 15 * time.Minute}, {&o.EditWindow, time.Minute},
		{&o.Again, 5 * time.Second}, {&o.Fresh, 5 * time.Minute},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.Owner == "" {
		o.Owner = rand.Text()
	}
	if o.Mode == "" {
		o.Mode = ModeGateway
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// check says everything that is wrong with the options, and the mend.
func (o Options) check() error {
	var all []error
	add := func(format string, args ...any) { all = append(all, fmt.Errorf("discord: "+format, args...)) }
	if o.Token == "" {
		add("token is missing; copy it from the developer portal, page Bot, and set [discord] token")
	}
	if !snowflake(o.ApplicationID) {
		add("application_id must be a number of 17 to 20 digits; copy it from the developer portal, page General Information")
	}
	switch o.Mode {
	case ModeGateway:
	case ModeHTTP:
		if _, err := publicKey(o.PublicKey); err != nil {
			all = append(all, err)
		}
		if o.Listen == "" {
			add("listen is missing; set [discord] listen to the address that Discord is to reach, such as \"127.0.0.1:8080\" behind a proxy")
		}
	default:
		add("mode is %q; it must be %q or %q", o.Mode, ModeGateway, ModeHTTP)
	}
	if o.Bot == nil || o.Engine == nil || o.Store == nil {
		add("bot, engine and store are required")
	}
	return errors.Join(all...)
}

// publicKey reads the application's public key.
func publicKey(text string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("discord: public_key must be 64 hexadecimal digits; copy it from the developer portal, page General Information")
	}
	return key, nil
}

// snowflake says whether a text can be an application's id.
func snowflake(id string) bool {
	return id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == ""
}
