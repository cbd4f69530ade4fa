package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// outgoing is the body of a message that the bot posts or edits.
type outgoing struct {
	Content         string          `json:"content"`
	Components      json.RawMessage `json:"components"`
	Flags           int             `json:"flags"`
	Nonce           json.RawMessage `json:"nonce"`
	EnforceNonce    bool            `json:"enforce_nonce"`
	Reference       *Reference      `json:"message_reference"`
	AllowedMentions json.RawMessage `json:"allowed_mentions"`
	Embeds          json.RawMessage `json:"embeds"`
}

func (o outgoing) nonce() string {
	var text string
	if json.Unmarshal(o.Nonce, &text) == nil {
		return text
	}
	return string(o.Nonce)
}

// readOutgoing decodes and checks a body; on a fault it has answered.
func readOutgoing(w http.ResponseWriter, r *http.Request) (outgoing, bool) {
	var o outgoing
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		fail(w, http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		return o, false
	}
	if err := checkMessage(o); err != nil {
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body: "+err.Error())
		return o, false
	}
	return o, true
}

func (s *Server) postMessage(w http.ResponseWriter, r *http.Request) {
	o, ok := readOutgoing(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[r.PathValue("channel")]
	if ch == nil {
		fail(w, http.StatusNotFound, 10003, "Unknown Channel")
		return
	}
	key := ch.ID + "/" + o.nonce()
	if before := s.nonces[key]; before != nil && o.EnforceNonce {
		reply(w, http.StatusOK, before)
		return
	}
	if ref := o.Reference; ref != nil && s.find(ch.ID, ref.MessageID) == nil && (ref.FailIfNotExists == nil || *ref.FailIfNotExists) {
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body: message_reference: Unknown message")
		return
	}
	m := s.post(ch, s.bot, o)
	if o.nonce() != "" && !s.cfg.NoNonces {
		s.nonces[key] = m
	}
	reply(w, http.StatusOK, m)
}

// post keeps a message and tells the gateway of it. s.mu is held.
func (s *Server) post(ch *Channel, author User, o outgoing) *Message {
	m := &Message{ID: s.newID(), ChannelID: ch.ID, GuildID: ch.GuildID, Author: author, Content: o.Content,
		Timestamp: time.Now().UTC(), Mentions: []User{}, MentionRoles: []string{}, Attachments: []struct{}{}, Embeds: []struct{}{},
		Components: o.Components, Flags: o.Flags, Nonce: o.nonce(), MessageReference: o.Reference}
	if m.Components == nil {
		m.Components = json.RawMessage("[]")
	}
	if o.Reference != nil {
		m.Type = 19
		if ref := s.find(ch.ID, o.Reference.MessageID); ref != nil {
			m.ReferencedMessage = ref
		}
	}
	s.keep(m)
	s.dispatch(ch.GuildID, "MESSAGE_CREATE", m)
	return m
}

func (s *Server) keep(m *Message) {
	s.messages[m.ChannelID] = append(s.messages[m.ChannelID], m)
	if ch := s.channels[m.ChannelID]; ch != nil {
		id := m.ID
		ch.LastMessageID = &id
	}
}

// find looks a message up. s.mu is held.
func (s *Server) find(channel, id string) *Message {
	for _, m := range s.messages[channel] {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (s *Server) getMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(r.PathValue("channel"), r.PathValue("message"))
	if m == nil {
		fail(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	reply(w, http.StatusOK, m)
}

func (s *Server) patchMessage(w http.ResponseWriter, r *http.Request) {
	o, ok := readOutgoing(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(r.PathValue("channel"), r.PathValue("message"))
	switch {
	case m == nil:
		fail(w, http.StatusNotFound, 10008, "Unknown Message")
	case m.Author.ID != s.bot.ID:
		fail(w, http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
	default:
		s.change(m, o)
		reply(w, http.StatusOK, m)
	}
}

// change edits a message of the bot's and tells the gateway. s.mu is held.
func (s *Server) change(m *Message, o outgoing) {
	now := time.Now().UTC()
	m.Content, m.EditedTimestamp, m.Flags = o.Content, &now, m.Flags|o.Flags
	if o.Components != nil {
		m.Components = o.Components
	}
	s.dispatch(m.GuildID, "MESSAGE_UPDATE", m)
}

func (s *Server) deleteMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.remove(r.PathValue("channel"), r.PathValue("message")) {
		fail(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// remove takes a message away and tells the gateway. s.mu is held.
func (s *Server) remove(channel, id string) bool {
	list := s.messages[channel]
	i := slices.IndexFunc(list, func(m *Message) bool { return m.ID == id })
	if i < 0 {
		return false
	}
	m := list[i]
	s.messages[channel] = slices.Delete(slices.Clone(list), i, i+1)
	gone := map[string]any{"id": id, "channel_id": channel}
	if m.GuildID != "" {
		gone["guild_id"] = m.GuildID
	}
	s.dispatch(m.GuildID, "MESSAGE_DELETE", gone)
	return true
}

func (s *Server) getChannel(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[r.PathValue("channel")]
	if ch == nil {
		fail(w, http.StatusNotFound, 10003, "Unknown Channel")
		return
	}
	reply(w, http.StatusOK, ch)
}

// listMessages answers newest first, as Discord does.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels[r.PathValue("channel")] == nil {
		fail(w, http.StatusNotFound, 10003, "Unknown Channel")
		return
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 50
	}
	if limit < 1 || limit > 100 {
		fail(w, http.StatusBadRequest, 50035, fmt.Sprintf("Invalid Form Body: limit: %d", limit))
		return
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	out := []*Message{}
	for _, m := range s.messages[r.PathValue("channel")] {
		if id, _ := strconv.ParseInt(m.ID, 10, 64); id > after && len(out) < limit {
			out = append(out, m)
		}
	}
	slices.Reverse(out)
	reply(w, http.StatusOK, out)
}

func (s *Server) postDM(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Recipient == "" {
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body: recipient_id")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, http.StatusOK, s.dm(User{ID: body.Recipient}))
}

// dm finds or opens the direct channel with a person. s.mu is held.
func (s *Server) dm(u User) *Channel {
	if id := s.dms[u.ID]; id != "" {
		return s.channels[id]
	}
	ch := &Channel{ID: s.newID(), Type: DirectMessage, Recipients: []User{u}}
	s.channels[ch.ID], s.dms[u.ID] = ch, ch.ID
	return ch
}
