package slackfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"sync/atomic"
)

var events atomic.Int64

// Fields are the members of a payload; a test may set or delete any of them.
type Fields map[string]any

func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps of plain values come here
	}
	return data
}

func fields(payload json.RawMessage) url.Values {
	var m map[string]string
	_ = json.Unmarshal(payload, &m)
	out := url.Values{}
	for k, v := range m {
		out.Set(k, v)
	}
	return out
}

// Event wraps an inner event as the Events API does, with a fresh event id.
func Event(team string, inner Fields) Envelope {
	id := fmt.Sprintf("Ev%08d", events.Add(1))
	return Envelope{Type: "events_api", Key: id, Payload: encode(Fields{
		"token": "x", "team_id": team, "api_app_id": AppID, "type": "event_callback", "event_id": id, "event_time": 1700000000,
		"authorizations":        []Fields{{"team_id": team, "user_id": BotUserID, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": false, "event": inner,
	})}
}

// Stamp returns a fresh message timestamp for an event.
func Stamp() string { return fmt.Sprintf("1700000001.%06d", events.Add(1)) }

// Mention is an app_mention in a channel.
func Mention(channel, user, text string) Envelope {
	ts := Stamp()
	return Event(TeamID, Fields{"type": "app_mention", "user": user, "text": "<@" + BotUserID + "> " + text, "ts": ts, "event_ts": ts, "channel": channel, "team": TeamID})
}

// Direct is a message in the direct message channel of a person.
func Direct(channel, user, text string) Envelope {
	ts := Stamp()
	return Event(TeamID, Fields{"type": "message", "channel_type": "im", "user": user, "text": text, "ts": ts, "event_ts": ts, "channel": channel, "team": TeamID})
}

// Reply is a message in a thread of a channel.
func Reply(channel, user, text, thread string) Envelope {
	ts := Stamp()
	return Event(TeamID, Fields{"type": "message", "channel_type": "channel", "user": user, "text": text, "ts": ts, "event_ts": ts, "thread_ts": thread, "channel": channel, "team": TeamID})
}

// Changed is an edit of a person's message.
func Changed(channel, kind, user, text, ts string) Envelope {
	now := Stamp()
	return Event(TeamID, Fields{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": channel, "channel_type": kind, "ts": now, "event_ts": now,
		"message":          Fields{"type": "message", "user": user, "text": text, "ts": ts, "edited": Fields{"user": user, "ts": now}},
		"previous_message": Fields{"type": "message", "user": user, "text": "before", "ts": ts},
	})
}

// Edit is the change of the message that an event told of, so many seconds later.
func Edit(e Envelope, kind, text string, after float64) Envelope {
	var p struct {
		Event struct{ Channel, User, TS string }
	}
	_ = json.Unmarshal(e.Payload, &p)
	changed := Changed(p.Event.Channel, kind, p.Event.User, text, p.Event.TS)
	var out Fields
	_ = json.Unmarshal(changed.Payload, &out)
	seconds, _ := strconv.ParseFloat(p.Event.TS, 64)
	message := out["event"].(map[string]any)["message"].(map[string]any)
	message["edited"] = Fields{"user": p.Event.User, "ts": fmt.Sprintf("%.6f", seconds+after)}
	changed.Payload = encode(out)
	return changed
}

// Deletion is the removal of the message that an event told of.
func Deletion(e Envelope, kind string) Envelope {
	var p struct {
		Event struct{ Channel, User, TS string }
	}
	_ = json.Unmarshal(e.Payload, &p)
	return Deleted(p.Event.Channel, kind, p.Event.User, p.Event.TS)
}

// Deleted is the removal of a person's message.
func Deleted(channel, kind, user, ts string) Envelope {
	now := Stamp()
	return Event(TeamID, Fields{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": channel, "channel_type": kind, "ts": now, "event_ts": now, "deleted_ts": ts,
		"previous_message": Fields{"type": "message", "user": user, "text": "before", "ts": ts},
	})
}

// HomeOpened is a person opening a tab of the app: "home" or "messages".
func HomeOpened(user, channel, tab string) Envelope {
	return Event(TeamID, Fields{"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": Stamp()})
}

// Slash is a slash command.
func Slash(channel, user, command, text, responseURL string) Envelope {
	trigger := fmt.Sprintf("trigger.%d", events.Add(1))
	return Envelope{Type: "slash_commands", Key: trigger, Once: true, Payload: encode(map[string]string{
		"token": "x", "team_id": TeamID, "team_domain": "fake", "channel_id": channel, "channel_name": "general", "user_id": user, "user_name": "person",
		"command": command, "text": text, "api_app_id": AppID, "response_url": responseURL, "trigger_id": trigger, "is_enterprise_install": "false",
	})}
}

// Interaction wraps an interactive payload, with a fresh trigger id.
func Interaction(kind, user string, more Fields) Envelope {
	trigger := fmt.Sprintf("trigger.%d", events.Add(1))
	f := Fields{
		"type": kind, "token": "x", "api_app_id": AppID, "trigger_id": trigger, "is_enterprise_install": false, "enterprise": nil,
		"team": Fields{"id": TeamID, "domain": "fake"}, "user": Fields{"id": user, "username": "person", "name": "person", "team_id": TeamID},
	}
	for k, v := range more {
		f[k] = v
	}
	return Envelope{Type: "interactive", Key: trigger, Once: true, Payload: encode(f)}
}

// Press is the press of a button (or a changed element) in one of the bot's messages.
func Press(user string, m Message, responseURL string, action Fields) Envelope {
	action["action_ts"] = Stamp()
	message := Fields{"type": "message", "user": m.User, "bot_id": m.BotID, "ts": m.TS, "text": m.Text, "blocks": m.Blocks, "metadata": m.Metadata}
	if m.ThreadTS != "" {
		message["thread_ts"] = m.ThreadTS
	}
	return Interaction("block_actions", user, Fields{
		"container": Fields{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "thread_ts": m.ThreadTS, "is_ephemeral": m.EphemeralTo != ""},
		"channel":   Fields{"id": m.Channel, "name": "general"}, "message": message, "response_url": responseURL, "actions": []Fields{action},
		"state": Fields{"values": Fields{}},
	})
}

// Shortcut is a message shortcut on somebody's message.
func Shortcut(callback, user, channel, ts, text, responseURL string) Envelope {
	return Interaction("message_action", user, Fields{
		"callback_id": callback, "action_ts": Stamp(), "message_ts": ts, "response_url": responseURL,
		"channel": Fields{"id": channel, "name": "general"}, "message": Fields{"type": "message", "user": "U9", "ts": ts, "text": text},
	})
}

// Submit is the submission of a modal.
func Submit(user string, v View, state Fields) Envelope {
	var body Fields
	_ = json.Unmarshal(v.Body, &body)
	body["id"], body["hash"], body["state"] = v.ID, "1", Fields{"values": state}
	return Interaction("view_submission", user, Fields{"view": body})
}
