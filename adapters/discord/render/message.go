package render

import (
	"encoding/json"

	"github.com/bwmarrin/discordgo"

	"kapbot/bot"
)

// Message is a drawn reply: the body of a post, of an edit or of an
// interaction's answer. The zero Message is the bot's apology.
type Message struct {
	reply      bot.Reply
	content    string
	components []discordgo.MessageComponent
	ephemeral  bool
	to         string // id of the message that it replies to
	notify     bool   // its author may be notified
	nonce      string
}

// Ephemeral makes it one that only the person sees; it is for interactions.
func (m Message) Ephemeral() Message {
	m.ephemeral = true
	return m
}

// ReplyTo makes it a reply to a message, which need not be there any more.
func (m Message) ReplyTo(message string) Message {
	m.to = message
	return m
}

// Notify lets the author of the message that it replies to be notified, and
// nobody else.
func (m Message) Notify() Message {
	m.notify = true
	return m
}

// Nonce makes Discord drop a second post with the same nonce, for some minutes.
func (m Message) Nonce(nonce string) Message {
	m.nonce = nonce
	return m
}

// AsPlain is the same message in plain text.
func (m Message) AsPlain() Message {
	m.content, m.components = Plain(m.reply), nil
	return m
}

// body is what Discord reads.
type body struct {
	Content         string                       `json:"content,omitempty"`
	Components      []discordgo.MessageComponent `json:"components,omitempty"`
	Flags           discordgo.MessageFlags       `json:"flags,omitempty"`
	AllowedMentions mentions                     `json:"allowed_mentions"`
	Reference       *reference                   `json:"message_reference,omitempty"`
	Nonce           string                       `json:"nonce,omitempty"`
	EnforceNonce    bool                         `json:"enforce_nonce,omitempty"`
}

// mentions always says that nothing in the text notifies anyone.
type mentions struct {
	Parse       []string `json:"parse"`
	RepliedUser bool     `json:"replied_user"`
}

type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

// MarshalJSON writes the body.
func (m Message) MarshalJSON() ([]byte, error) {
	if m.content == "" && m.components == nil {
		m = m.AsPlain()
	}
	b := body{Content: m.content, Components: m.components, AllowedMentions: mentions{Parse: []string{}},
		Nonce: m.nonce, EnforceNonce: m.nonce != ""}
	if m.components != nil {
		b.Flags |= discordgo.MessageFlagsIsComponentsV2
	}
	if m.ephemeral {
		b.Flags |= discordgo.MessageFlagsEphemeral
	}
	if m.to != "" {
		b.Reference = &reference{MessageID: m.to}
		b.AllowedMentions.RepliedUser = m.notify
	}
	return json.Marshal(b)
}

// menu is a select menu whose options have no description: discordgo writes an
// empty one, which is none of the lengths that are allowed.
type menu struct {
	discordgo.SelectMenu
	Options []option
}

type option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// MarshalJSON writes the menu as Discord reads it.
func (s menu) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type          discordgo.ComponentType            `json:"type"`
		CustomID      string                             `json:"custom_id"`
		Placeholder   string                             `json:"placeholder,omitempty"`
		MinValues     *int                               `json:"min_values,omitempty"`
		MaxValues     int                                `json:"max_values,omitempty"`
		Options       []option                           `json:"options,omitempty"`
		ChannelTypes  []discordgo.ChannelType            `json:"channel_types,omitempty"`
		DefaultValues []discordgo.SelectMenuDefaultValue `json:"default_values,omitempty"`
	}{s.Type(), s.CustomID, s.Placeholder, s.MinValues, s.MaxValues, s.Options, s.ChannelTypes, s.DefaultValues})
}
