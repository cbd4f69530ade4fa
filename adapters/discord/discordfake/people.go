package discordfake

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// NewUser makes a person.
func (s *Server) NewUser(name string) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return User{ID: s.newID(), Username: name, Discriminator: "0"}
}

// NewGuild makes a server that the bot is in.
func (s *Server) NewGuild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Guild{ID: s.newID(), Name: name, Channels: []*Channel{}, Threads: []*Channel{}, Roles: []struct{}{}, Emojis: []struct{}{}, Members: []struct{}{}}
	g.OwnerID = s.newID()
	s.guilds[g.ID] = g
	s.dispatch(g.ID, "GUILD_CREATE", g)
	return g
}

// NewGuildOn makes a server whose events come on the given shard.
func (s *Server) NewGuildOn(shard int, name string) *Guild {
	for {
		g := s.NewGuild(name)
		if shardOf(g.ID, s.cfg.Shards) == shard {
			return g
		}
		s.mu.Lock()
		delete(s.guilds, g.ID)
		s.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

// NewChannel makes a channel of the given kind in a guild. A thread's parent
// is given by its id, else "".
func (s *Server) NewChannel(g *Guild, kind int, parent, name string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := &Channel{ID: s.newID(), Type: kind, GuildID: g.ID, ParentID: parent, Name: name}
	s.channels[ch.ID] = ch
	event := "CHANNEL_CREATE"
	if kind == PublicThread {
		g.Threads, event = append(g.Threads, ch), "THREAD_CREATE"
	} else {
		g.Channels = append(g.Channels, ch)
	}
	s.dispatch(g.ID, event, ch)
	return ch
}

// DM is the direct channel with a person.
func (s *Server) DM(u User) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(u)
}

// Said adorns a message that a person writes.
type Said func(s *Server, m *Message)

// ReplyTo makes the message a reply.
func ReplyTo(id string) Said {
	return func(s *Server, m *Message) {
		m.Type, m.MessageReference = 19, &Reference{MessageID: id, ChannelID: m.ChannelID, GuildID: m.GuildID}
		if ref := s.find(m.ChannelID, id); ref != nil {
			m.ReferencedMessage = ref
			m.Mentions = append(m.Mentions, ref.Author)
		}
	}
}

// At sets the time of the message, and its id with it.
func At(t time.Time) Said {
	return func(s *Server, m *Message) { m.ID, m.Timestamp = s.idAt(t), t.UTC() }
}

// FromWebhook makes it a webhook's message.
func FromWebhook() Said {
	return func(s *Server, m *Message) { m.WebhookID = m.Author.ID }
}

// Say has a person write in a channel. A mention of the bot is written <@id>.
func (s *Server) Say(u User, channel, text string, how ...Said) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channel]
	m := &Message{ID: s.newID(), ChannelID: ch.ID, GuildID: ch.GuildID, Author: u, Content: text, Timestamp: time.Now().UTC(),
		Mentions: []User{}, MentionRoles: []string{}, Attachments: []struct{}{}, Embeds: []struct{}{}, Components: json.RawMessage("[]")}
	if strings.Contains(text, "<@"+s.bot.ID+">") {
		m.Mentions = append(m.Mentions, s.bot)
	}
	for _, f := range how {
		f(s, m)
	}
	m.Mentions = slices.CompactFunc(m.Mentions, func(a, b User) bool { return a.ID == b.ID })
	s.keep(m)
	s.dispatch(ch.GuildID, "MESSAGE_CREATE", m)
	return *m
}

// Edit has a person change a message.
func (s *Server) Edit(channel, id, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(channel, id)
	now := time.Now().UTC()
	m.Content, m.EditedTimestamp = text, &now
	s.dispatch(m.GuildID, "MESSAGE_UPDATE", m)
}

// Delete has a person take a message away.
func (s *Server) Delete(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(channel, id)
}

// Use says who uses a command or presses a button, and where.
type Use struct {
	User        User
	Channel     *Channel
	Permissions string // the member's, as Discord's decimal string
	Locale      string // "" means en-US
	UserInstall bool   // the app is installed by the person, not in the guild
}

// Interact sends an interaction of a type (2 command, 3 component,
// 4 autocomplete, 5 modal) to the gateway and returns its id.
func (s *Server) Interact(use Use, kind int, data map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.newInteraction(use, kind, data)
	s.dispatch(in.guild(), "INTERACTION_CREATE", in.Payload)
	return in.ID
}

func (in *Interaction) guild() string {
	if in.channel == nil {
		return ""
	}
	return in.channel.GuildID
}

// newInteraction builds the payload. s.mu is held.
func (s *Server) newInteraction(use Use, kind int, data map[string]any) *Interaction {
	in := &Interaction{ID: s.newID(), At: time.Now(), channel: use.Channel}
	in.Token = "token-" + in.ID
	locale := use.Locale
	if locale == "" {
		locale = "en-US"
	}
	p := map[string]any{"id": in.ID, "application_id": s.bot.ID, "type": kind, "token": in.Token, "version": 1, "locale": locale,
		"data": data, "entitlements": []any{}, "app_permissions": "274877991936", "attachment_size_limit": 10485760}
	owners := map[string]string{"0": "0"}
	if use.UserInstall {
		owners = map[string]string{"1": use.User.ID}
	}
	p["context"] = 1
	if ch := use.Channel; ch != nil {
		p["channel_id"], p["channel"] = ch.ID, ch
		if ch.GuildID != "" {
			permissions := use.Permissions
			if permissions == "" {
				permissions = "0"
			}
			if !use.UserInstall {
				owners = map[string]string{"0": ch.GuildID}
			}
			p["context"], p["guild_id"], p["guild_locale"] = 0, ch.GuildID, "en-US"
			p["guild"] = map[string]any{"id": ch.GuildID, "locale": "en-US", "features": []string{}}
			p["member"] = map[string]any{"user": use.User, "permissions": permissions, "roles": []string{}, "joined_at": "2024-01-01T00:00:00Z",
				"deaf": false, "mute": false, "flags": 0}
		}
	}
	if p["member"] == nil {
		p["user"] = use.User
	}
	p["authorizing_integration_owners"] = owners
	if id, ok := data["message_id"].(string); ok {
		delete(data, "message_id")
		if in.source = s.find(use.Channel.ID, id); in.source != nil {
			p["message"] = in.source
		}
	}
	in.Payload = p
	s.interactions[in.ID] = in
	return in
}

// Option is an option of a command: text, number, bool, or an id.
type Option struct {
	Name    string
	Type    int // 3 text, 5 bool, 7 channel; 1 sub-command
	Value   any
	Focused bool
	Options []Option
}

func (o Option) payload() map[string]any {
	p := map[string]any{"name": o.Name, "type": o.Type}
	if o.Value != nil {
		p["value"] = o.Value
	}
	if o.Focused {
		p["focused"] = true
	}
	if o.Type == 1 || o.Type == 2 {
		p["options"] = payloads(o.Options)
	}
	return p
}

func payloads(options []Option) []map[string]any {
	out := []map[string]any{}
	for _, o := range options {
		out = append(out, o.payload())
	}
	return out
}

// Sub is a sub-command with its options.
func Sub(name string, options ...Option) Option { return Option{Name: name, Type: 1, Options: options} }

// Text is a text option.
func Text(name, value string) Option { return Option{Name: name, Type: 3, Value: value} }

// Command has a person use a slash command.
func (s *Server) Command(use Use, name string, options ...Option) string {
	return s.Interact(use, 2, map[string]any{"id": "1", "name": name, "type": 1, "options": payloads(options)})
}

// Typing has a person type in an option that completes; mark it Focused.
func (s *Server) Typing(use Use, name string, options ...Option) string {
	return s.Interact(use, 4, map[string]any{"id": "1", "name": name, "type": 1, "options": payloads(options)})
}

// OnMessage has a person use a message command on a message.
func (s *Server) OnMessage(use Use, name string, m Message) string {
	return s.Interact(use, 2, map[string]any{"id": "1", "name": name, "type": 3, "target_id": m.ID,
		"resolved": map[string]any{"messages": map[string]any{m.ID: m}}})
}

// Press has a person press a button, or choose values in a select menu, on a message ("" for an ephemeral one).
func (s *Server) Press(use Use, message, customID string, values ...string) string {
	data := map[string]any{"custom_id": customID, "component_type": 2}
	if values != nil {
		data["component_type"], data["values"] = 3, values
	}
	if message != "" {
		data["message_id"] = message
	}
	return s.Interact(use, 3, data)
}
