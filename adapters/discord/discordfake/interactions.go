package discordfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// Interaction is a command or a press, and what became of it.
type Interaction struct {
	ID      string
	Token   string
	Payload map[string]any
	At      time.Time

	Responses []Response // the callback, edits and follow-ups, in their order
	channel   *Channel
	original  *Message
	public    bool
	source    *Message // the message whose component was pressed
}

// Response is one answer to an interaction.
type Response struct {
	Type      int    // callback type; 0 for an edit or a follow-up
	Edit      bool   // of the original response
	Ephemeral bool   // only the person sees it
	Data      []byte // the message
	After     time.Duration
}

// Interaction gives the present state of one.
func (s *Server) Interaction(id string) Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := *s.interactions[id]
	in.Responses = append([]Response(nil), in.Responses...)
	return in
}

const (
	flagEphemeral = 1 << 6
	flagV2        = 1 << 15
)

type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

func (s *Server) postCallback(w http.ResponseWriter, r *http.Request) {
	var c callback
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		fail(w, http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[r.PathValue("interaction")]
	if in == nil || in.Token != r.PathValue("token") || time.Since(in.At) > s.cfg.InteractionWindow {
		fail(w, http.StatusNotFound, 10062, "Unknown interaction")
		return
	}
	if err := s.respond(in, c); err != nil {
		err.write(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

type apiError struct {
	status, code int
	message      string
}

func (e *apiError) write(w http.ResponseWriter) { fail(w, e.status, e.code, e.message) }

// respond takes the first answer, whichever way it came. s.mu is held.
func (s *Server) respond(in *Interaction, c callback) *apiError {
	if len(in.Responses) > 0 {
		return &apiError{http.StatusBadRequest, 40060, "Interaction has already been acknowledged."}
	}
	var o outgoing
	if c.Data != nil {
		if err := json.Unmarshal(c.Data, &o); err != nil {
			return &apiError{http.StatusBadRequest, 50035, "Invalid Form Body"}
		}
	}
	if err := checkCallback(in, c, o); err != nil {
		return &apiError{http.StatusBadRequest, 50035, "Invalid Form Body: " + err.Error()}
	}
	ephemeral := o.Flags&flagEphemeral != 0
	switch c.Type {
	case 4, 5:
		in.public = !ephemeral
		in.original = s.show(in, o)
		if c.Type == 5 {
			in.original.Flags |= 1 << 7
		}
	case 6, 7:
		in.original = in.source
		if in.source != nil && c.Type == 7 {
			s.change(in.source, o)
		}
	}
	in.Responses = append(in.Responses, Response{Type: c.Type, Ephemeral: ephemeral, Data: bytes.Clone(c.Data), After: time.Since(in.At)})
	s.touch()
	return nil
}

// show makes the message of a response: a public one is in the channel, an
// ephemeral one nowhere. s.mu is held.
func (s *Server) show(in *Interaction, o outgoing) *Message {
	if in.public && in.channel != nil && o.Flags&flagEphemeral == 0 {
		return s.post(in.channel, s.bot, o)
	}
	m := &Message{ID: s.newID(), Author: s.bot, Content: o.Content, Flags: o.Flags, Components: o.Components, Timestamp: time.Now().UTC(),
		Mentions: []User{}, MentionRoles: []string{}, Attachments: []struct{}{}, Embeds: []struct{}{}}
	if m.Components == nil {
		m.Components = json.RawMessage("[]")
	}
	if in.channel != nil {
		m.ChannelID, m.GuildID = in.channel.ID, in.channel.GuildID
	}
	return m
}

// byToken finds the interaction of a webhook request; tokens live 15 minutes.
// s.mu is held.
func (s *Server) byToken(w http.ResponseWriter, r *http.Request) *Interaction {
	for _, in := range s.interactions {
		if in.Token == r.PathValue("token") && time.Since(in.At) < 15*time.Minute {
			if len(in.Responses) == 0 {
				break
			}
			return in
		}
	}
	fail(w, http.StatusNotFound, 10015, "Unknown Webhook")
	return nil
}

func (s *Server) postFollowup(w http.ResponseWriter, r *http.Request) {
	o, ok := readOutgoing(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.byToken(w, r)
	if in == nil {
		return
	}
	ephemeral := o.Flags&flagEphemeral != 0
	was := in.public
	in.public = !ephemeral
	m := s.show(in, o)
	in.public = was
	data, _ := json.Marshal(o)
	in.Responses = append(in.Responses, Response{Ephemeral: ephemeral, Data: data, After: time.Since(in.At)})
	s.touch()
	reply(w, http.StatusOK, m)
}

func (s *Server) getFollowup(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.byToken(w, r)
	if in == nil {
		return
	}
	if in.original == nil {
		fail(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	reply(w, http.StatusOK, in.original)
}

func (s *Server) patchFollowup(w http.ResponseWriter, r *http.Request) {
	o, ok := readOutgoing(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.byToken(w, r)
	if in == nil {
		return
	}
	if in.original == nil {
		fail(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	in.original.Flags &^= 1 << 7
	s.change(in.original, o)
	data, _ := json.Marshal(o)
	in.Responses = append(in.Responses, Response{Edit: true, Ephemeral: !in.public, Data: data, After: time.Since(in.At)})
	s.touch()
	reply(w, http.StatusOK, in.original)
}

func (s *Server) deleteFollowup(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.byToken(w, r)
	if in == nil {
		return
	}
	if in.original != nil && in.original.ChannelID != "" {
		s.remove(in.original.ChannelID, in.original.ID)
	}
	w.WriteHeader(http.StatusNoContent)
}
