package slackfake

import (
	"encoding/json"
	"slices"
)

// Message is one message that the workspace holds.
type Message struct {
	Team        string          `json:"team,omitempty"`
	Channel     string          `json:"-"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id,omitempty"`
	AppID       string          `json:"app_id,omitempty"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Type        string          `json:"type"`
	EphemeralTo string          `json:"-"`
	Edited      int             `json:"-"` // how often chat.update changed it
}

// View is a modal or an App Home that the app opened, published or updated.
type View struct {
	ID, User, Trigger string
	Body              json.RawMessage
}

// Messages returns the bot's messages of a channel, oldest first.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages[channel] {
		if m.BotID != "" {
			out = append(out, *m)
		}
	}
	return out
}

// Posted counts the bot's messages in all channels.
func (s *Server) Posted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, list := range s.messages {
		for _, m := range list {
			if m.BotID != "" {
				n++
			}
		}
	}
	return n
}

// Ephemeral returns what was shown to one person only, oldest first.
func (s *Server) Ephemeral() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ephemeral)
}

// Home returns the App Home last published for a person.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.views["home:"+user]
	return v, ok
}

// View returns a modal as it stands, by its id.
func (s *Server) View(id string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.views[id]
	return v, ok
}

// LastView returns the modal that was opened last.
func (s *Server) LastView() (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.views[s.lastView]
	return v, ok
}

// Say puts a person's message into a channel without an event, as history.
func (s *Server) Say(channel, user, text, thread string) string {
	ts := s.stamp()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages[channel] = append(s.messages[channel], &Message{
		Type: "message", Channel: channel, User: user, Text: text, TS: ts, ThreadTS: thread,
	})
	return ts
}

// find returns a message; the caller holds s.mu.
func (s *Server) find(channel, ts string) *Message {
	for _, m := range s.messages[channel] {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// thread returns a root and its replies; the caller holds s.mu.
func (s *Server) thread(channel, root string, metadata bool) []Message {
	var out []Message
	for _, m := range s.messages[channel] {
		if root == "" || m.TS == root || m.ThreadTS == root {
			c := *m
			if !metadata {
				c.Metadata = nil
			}
			out = append(out, c)
		}
	}
	return out
}
