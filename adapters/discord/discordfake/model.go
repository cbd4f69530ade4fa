package discordfake

import (
	"encoding/json"
	"strconv"
	"time"
)

// User is a person, a bot or a webhook's face.
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"`
	GlobalName    *string `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
}

// Guild is a server of Discord's.
type Guild struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	OwnerID     string     `json:"owner_id"`
	Unavailable bool       `json:"unavailable,omitempty"`
	Channels    []*Channel `json:"channels"`
	Threads     []*Channel `json:"threads"`
	Roles       []struct{} `json:"roles"`
	Emojis      []struct{} `json:"emojis"`
	Members     []struct{} `json:"members"`
}

// Kinds of channel.
const (
	TextChannel   = 0
	DirectMessage = 1
	PublicThread  = 11
	ForumChannel  = 15
)

// Channel is a place for messages.
type Channel struct {
	ID            string  `json:"id"`
	Type          int     `json:"type"`
	GuildID       string  `json:"guild_id,omitempty"`
	ParentID      string  `json:"parent_id,omitempty"`
	Name          string  `json:"name,omitempty"`
	LastMessageID *string `json:"last_message_id"`
	Recipients    []User  `json:"recipients,omitempty"`
	Position      int     `json:"position"`
}

// Reference says to what a message is a reply.
type Reference struct {
	MessageID       string `json:"message_id"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"`
}

// Message is a message as Discord sends it.
type Message struct {
	ID                string          `json:"id"`
	ChannelID         string          `json:"channel_id"`
	GuildID           string          `json:"guild_id,omitempty"`
	Content           string          `json:"content"`
	Author            User            `json:"author"`
	Member            json.RawMessage `json:"member,omitempty"`
	Timestamp         time.Time       `json:"timestamp"`
	EditedTimestamp   *time.Time      `json:"edited_timestamp"`
	Mentions          []User          `json:"mentions"`
	MentionRoles      []string        `json:"mention_roles"`
	MentionEveryone   bool            `json:"mention_everyone"`
	Attachments       []struct{}      `json:"attachments"`
	Embeds            []struct{}      `json:"embeds"`
	Components        json.RawMessage `json:"components"`
	Pinned            bool            `json:"pinned"`
	TTS               bool            `json:"tts"`
	Type              int             `json:"type"`
	Flags             int             `json:"flags"`
	WebhookID         string          `json:"webhook_id,omitempty"`
	Nonce             string          `json:"nonce,omitempty"`
	MessageReference  *Reference      `json:"message_reference,omitempty"`
	ReferencedMessage *Message        `json:"referenced_message,omitempty"`
}

// shardOf is Discord's rule: (guild_id >> 22) % shards; direct messages are on shard 0.
func shardOf(guild string, shards int) int {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil || shards < 1 {
		return 0
	}
	return int((id >> 22) % uint64(shards))
}
