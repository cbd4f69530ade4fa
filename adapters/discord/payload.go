package discord

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The payloads hold only what we use. discordgo's own types refuse a whole
// message for one component that they do not know, and then hand over an empty one.

type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type message struct {
	ID         string     `json:"id"`
	ChannelID  string     `json:"channel_id"`
	GuildID    string     `json:"guild_id"`
	Content    string     `json:"content"`
	Author     *user      `json:"author"`
	WebhookID  string     `json:"webhook_id"`
	Type       int        `json:"type"`
	Flags      int        `json:"flags"`
	Mentions   []user     `json:"mentions"`
	Written    *time.Time `json:"timestamp"`
	Edited     *time.Time `json:"edited_timestamp"`
	Reference  *reference `json:"message_reference"`
	Referenced *message   `json:"referenced_message"`
}

type reference struct {
	MessageID string `json:"message_id"`
}

// isID says whether a text can stand for an id in an address. Discord's are numbers, but nothing
// here depends on it.
func isID(id string) bool {
	return id != "" && len(id) <= 40 && !strings.ContainsFunc(id, func(r rune) bool {
		return !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '_')
	})
}

// Types of message that a person writes.
const (
	messageDefault = 0
	messageReply   = 19
)

type channel struct {
	ID       string  `json:"id"`
	Type     int     `json:"type"`
	GuildID  string  `json:"guild_id"`
	ParentID string  `json:"parent_id"`
	Name     string  `json:"name"`
	Last     *string `json:"last_message_id"`
}

type guild struct {
	ID          string    `json:"id"`
	Unavailable bool      `json:"unavailable"`
	JoinedAt    time.Time `json:"joined_at"`
	Channels    []channel `json:"channels"`
	Threads     []channel `json:"threads"`
}

type deletion struct {
	ID        string   `json:"id"`
	IDs       []string `json:"ids"`
	ChannelID string   `json:"channel_id"`
}

// Types of interaction.
const (
	interactionPing         = 1
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5
)

type interaction struct {
	ID        string          `json:"id"`
	AppID     string          `json:"application_id"`
	Type      int             `json:"type"`
	Token     string          `json:"token"`
	GuildID   string          `json:"guild_id"`
	ChannelID string          `json:"channel_id"`
	Member    *member         `json:"member"`
	User      *user           `json:"user"`
	Locale    string          `json:"locale"`
	Context   *int            `json:"context"`
	Owners    json.RawMessage `json:"authorizing_integration_owners"`
	Message   *message        `json:"message"`
	Data      struct {
		Name     string   `json:"name"`
		Type     int      `json:"type"`
		TargetID string   `json:"target_id"`
		CustomID string   `json:"custom_id"`
		Values   []string `json:"values"`
		Options  []option `json:"options"`
		Resolved struct {
			Messages map[string]*message `json:"messages"`
		} `json:"resolved"`
	} `json:"data"`
}

type member struct {
	User        *user  `json:"user"`
	Permissions string `json:"permissions"`
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

// Permission bits.
const (
	manageGuild    = 1 << 5
	manageMessages = 1 << 13
	administrator  = 1 << 3
)

const flagEphemeral = 1 << 6

// person is who acted, or "".
func (i *interaction) person() string {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return i.Member.User.ID
	case i.User != nil:
		return i.User.ID
	}
	return ""
}

// may says whether the person has a permission in the guild.
func (i *interaction) may(bit uint64) bool {
	if i.Member == nil {
		return false
	}
	p, err := strconv.ParseUint(i.Member.Permissions, 10, 64)
	return err == nil && p&(bit|administrator) != 0
}

// installed says whether the app is in the guild, not only with the person.
func (i *interaction) installed() bool {
	var owners map[string]json.RawMessage
	if json.Unmarshal(i.Owners, &owners) != nil {
		return i.GuildID != ""
	}
	_, ok := owners["0"]
	return ok && i.GuildID != ""
}

// private says that the person is alone with the bot.
func (i *interaction) private() bool {
	if i.Context != nil {
		return *i.Context == 1
	}
	return i.GuildID == ""
}

// sub is the sub-command with its options, or false.
func (i *interaction) sub() (option, bool) {
	at := slices.IndexFunc(i.Data.Options, func(o option) bool { return o.Type == 1 })
	if at < 0 {
		return option{}, false
	}
	return i.Data.Options[at], true
}

// text is the value of a text option, or "".
func (o option) text(name string) string {
	var s string
	for _, child := range o.Options {
		if child.Name == name {
			_ = json.Unmarshal(child.Value, &s) // another type is no text
		}
	}
	return s
}

// yes is the value of a yes-or-no option.
func (o option) yes(name string) bool {
	var b bool
	for _, child := range o.Options {
		if child.Name == name {
			_ = json.Unmarshal(child.Value, &b) // another type is no truth
		}
	}
	return b
}

// focused is the option that is being typed, or false.
func (o option) focused() (name, typed string, ok bool) {
	for _, child := range o.Options {
		if child.Focused {
			return child.Name, o.text(child.Name), true
		}
	}
	return "", "", false
}

// discordEpoch is the first millisecond of snowflakes.
const discordEpoch = 1420070400000

// made is when the message was written: as it says, or else as its id says.
func (m *message) made() time.Time {
	if m.Written != nil {
		return *m.Written
	}
	return madeAt(m.ID)
}

// madeAt is the time in a snowflake; the zero time for what is none.
func madeAt(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch)
}

// idAt is the smallest snowflake of a time.
func idAt(t time.Time) string {
	return strconv.FormatInt(max(0, t.UnixMilli()-discordEpoch)<<22, 10)
}
