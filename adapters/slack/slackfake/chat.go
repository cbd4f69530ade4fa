package slackfake

import (
	"encoding/json"
	"slices"
	"strings"
)

func (s *Server) postMessage(c Call) object {
	if c.Args["channel"] == "" {
		return refused("channel_not_found")
	}
	if faults := CheckMessage(c.Args["text"], []byte(c.Args["blocks"])); len(faults) > 0 {
		return object{"ok": false, "error": "invalid_blocks", "errors": faults}
	}
	m := s.message(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages[m.Channel] = append(s.messages[m.Channel], m)
	s.note()
	return object{"ok": true, "channel": m.Channel, "ts": m.TS, "message": m}
}

func (s *Server) postEphemeral(c Call) object {
	if c.Args["channel"] == "" || c.Args["user"] == "" {
		return refused("user_not_in_channel")
	}
	if faults := CheckMessage(c.Args["text"], []byte(c.Args["blocks"])); len(faults) > 0 {
		return object{"ok": false, "error": "invalid_blocks", "errors": faults}
	}
	m := s.message(c)
	m.EphemeralTo = c.Args["user"]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ephemeral = append(s.ephemeral, *m)
	s.note()
	return object{"ok": true, "message_ts": m.TS}
}

func (s *Server) message(c Call) *Message {
	return &Message{
		Type: "message", Team: s.team(c.Token), Channel: c.Args["channel"], User: BotUserID, BotID: BotID, AppID: AppID, TS: s.stamp(),
		Text: c.Args["text"], ThreadTS: c.Args["thread_ts"], Blocks: raw(c.Args["blocks"]), Metadata: raw(c.Args["metadata"]),
	}
}

func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func (s *Server) updateMessage(c Call) object {
	if faults := CheckMessage(c.Args["text"], []byte(c.Args["blocks"])); len(faults) > 0 {
		return object{"ok": false, "error": "invalid_blocks", "errors": faults}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(c.Args["channel"], c.Args["ts"])
	if m == nil {
		return refused("message_not_found")
	}
	if m.BotID == "" {
		return refused("cant_update_message")
	}
	m.Text, m.Blocks, m.Edited = c.Args["text"], raw(c.Args["blocks"]), m.Edited+1
	if c.Args["metadata"] != "" {
		m.Metadata = raw(c.Args["metadata"])
	}
	s.note()
	return object{"ok": true, "channel": m.Channel, "ts": m.TS, "text": m.Text}
}

func (s *Server) deleteMessage(c Call) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(c.Args["channel"], c.Args["ts"])
	if m == nil {
		return refused("message_not_found")
	}
	if m.BotID == "" {
		return refused("cant_delete_message")
	}
	list := s.messages[m.Channel]
	s.messages[m.Channel] = slices.DeleteFunc(list, func(o *Message) bool { return o == m })
	s.note()
	return object{"ok": true, "channel": m.Channel, "ts": m.TS}
}

func (s *Server) history(c Call) object {
	metadata := c.Args["include_all_metadata"] == "true" || c.Args["include_all_metadata"] == "1"
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.thread(c.Args["channel"], c.Args["ts"], metadata)
	if c.Method == "conversations.replies" && len(list) == 0 {
		return refused("thread_not_found")
	}
	if c.Method == "conversations.history" {
		slices.Reverse(list)
	}
	if oldest := c.Args["oldest"]; oldest != "" {
		list = slices.DeleteFunc(list, func(m Message) bool { return m.TS < oldest })
	}
	return object{"ok": true, "messages": list, "has_more": false}
}

func (s *Server) keepView(c Call) object {
	if faults := CheckView([]byte(c.Args["view"])); len(faults) > 0 {
		return object{"ok": false, "error": "invalid_arguments", "response_metadata": object{"messages": faults}}
	}
	v := View{ID: c.Args["view_id"], User: c.Args["user_id"], Trigger: c.Args["trigger_id"], Body: raw(c.Args["view"])}
	switch {
	case c.Method == "views.publish":
		v.ID = "home:" + v.User
	case strings.HasSuffix(c.Method, "open") || strings.HasSuffix(c.Method, "push"):
		v.ID = s.id("V")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.views[v.ID]; c.Method == "views.update" && !known {
		return refused("not_found")
	}
	s.views[v.ID] = v
	if c.Method == "views.open" {
		s.lastView = v.ID
	}
	s.note()
	return object{"ok": true, "view": object{"id": v.ID, "type": "modal", "hash": "1"}}
}
