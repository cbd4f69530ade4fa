package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"kapbot/bot/engine"
)

// ruling is what the people who manage a server have chosen for it. The zero
// ruling answers in all channels, and only when called.
type ruling struct {
	Channels   []string `json:"channels,omitempty"`   // answer only here; none means everywhere
	Auto       []string `json:"auto,omitempty"`       // answer here without being called
	Moderators string   `json:"moderators,omitempty"` // the channel for alerts
	Region     string   `json:"region,omitempty"`     // whose lines of help are shown
}

const ruleScope = "discord/guild"

// rules reads and writes rulings. It remembers them for a short time, and
// longer while the store is away.
type rules struct {
	store engine.Settings
	mu    sync.Mutex // one change at a time
	known *lru.Cache[string, knownRuling]
}

type knownRuling struct {
	ruling
	read time.Time
}

const (
	maxRules = 5000
	rulesFor = 10 * time.Second // before the store is asked again
)

func newRules(store engine.Settings) *rules {
	return &rules{store: store, known: cache[knownRuling](maxRules)}
}

// of returns a guild's ruling; "" is the zero ruling's guild.
func (r *rules) of(ctx context.Context, guild string) ruling {
	if guild == "" {
		return ruling{}
	}
	old, ok := r.known.Get(guild)
	if ok && time.Since(old.read) < rulesFor {
		return old.ruling
	}
	found, err := r.read(ctx, guild)
	if err != nil {
		found = old.ruling // and for a while no message waits for the store
	}
	r.remember(guild, found)
	return found
}

// read asks the store. What it cannot decode counts as not chosen.
func (r *rules) read(ctx context.Context, guild string) (ruling, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	raw, err := r.store.Setting(ctx, ruleScope, guild)
	if err != nil && !errors.Is(err, engine.ErrNoSetting) {
		return ruling{}, fmt.Errorf("read settings of a server: %w", err)
	}
	var found ruling
	if raw != nil && json.Unmarshal(raw, &found) != nil {
		found = ruling{}
	}
	return found, nil
}

func (r *rules) remember(guild string, now ruling) {
	r.known.Add(guild, knownRuling{now, time.Now()})
}

// change applies f to a guild's ruling and keeps it.
func (r *rules) change(ctx context.Context, guild string, f func(*ruling)) (ruling, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, err := r.read(ctx, guild)
	if err != nil {
		return ruling{}, err
	}
	now.Channels, now.Auto = slices.Clone(now.Channels), slices.Clone(now.Auto)
	f(&now)
	raw, err := json.Marshal(now)
	if err != nil {
		return ruling{}, err
	}
	if err := r.store.SetSetting(ctx, ruleScope, guild, raw); err != nil {
		return ruling{}, err
	}
	r.remember(guild, now)
	return now, nil
}

// allows says whether the bot answers in a channel or in the thread of one.
func (r ruling) allows(c channel) bool {
	return len(r.Channels) == 0 || slices.Contains(r.Channels, c.ID) || (c.ParentID != "" && slices.Contains(r.Channels, c.ParentID)) || r.auto(c)
}

// auto says whether the bot answers there without being called.
func (r ruling) auto(c channel) bool {
	return slices.Contains(r.Auto, c.ID) || (c.ParentID != "" && slices.Contains(r.Auto, c.ParentID))
}

// locale is the language with the guild's region, if it has chosen one.
func (r ruling) locale(language string) string {
	if r.Region == "" {
		return language
	}
	if len(language) < 2 {
		return "en-" + r.Region
	}
	return language[:2] + "-" + r.Region
}
