package slack

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The types below hold what this package reads of Slack's payloads and no more.
// slack-go's own types reject a whole event for one field of an unexpected
// type; here such a field is skipped, so that a question is not lost because
// Slack changed something beside it.

// eventPayload is an Events API callback.
type eventPayload struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	EnterpriseID   string          `json:"enterprise_id"`
	EventID        string          `json:"event_id"`
	Authorizations []authorization `json:"authorizations"`
	Event          innerEvent      `json:"event"`
}

type authorization struct {
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	OrgWide      bool   `json:"is_enterprise_install"`
}

// innerEvent is any event that the app subscribes to.
type innerEvent struct {
	message
	Channel     string  `json:"channel"`
	ChannelType string  `json:"channel_type"`
	Tab         string  `json:"tab"`
	DeletedTS   string  `json:"deleted_ts"`
	New         message `json:"message"`
	Previous    message `json:"previous_message"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// message is a message of a person or of a bot.
type message struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	AppID    string `json:"app_id"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	Edited   struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Blocks   json.RawMessage `json:"blocks"`
	Metadata metadata        `json:"metadata"`
}

// command is a slash command.
type command struct {
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	OrgWide      string `json:"is_enterprise_install"`
	ChannelID    string `json:"channel_id"`
	ChannelName  string `json:"channel_name"`
	UserID       string `json:"user_id"`
	Command      string `json:"command"`
	Text         string `json:"text"`
	TriggerID    string `json:"trigger_id"`
	ResponseURL  string `json:"response_url"`
}

// interaction is a pressed button, a shortcut or a submitted modal.
type interaction struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	Team      struct {
		ID string `json:"id"`
	} `json:"team"`
	Enterprise struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	OrgWide bool `json:"is_enterprise_install"`
	User    struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message     message  `json:"message"`
	ResponseURL string   `json:"response_url"`
	CallbackID  string   `json:"callback_id"`
	Actions     []action `json:"actions"`
	State       state    `json:"state"`
	View        struct {
		ID         string `json:"id"`
		Type       string `json:"type"`
		CallbackID string `json:"callback_id"`
		Metadata   string `json:"private_metadata"`
		State      state  `json:"state"`
	} `json:"view"`
}

type state struct {
	Values map[string]map[string]action `json:"values"`
}

type action struct {
	Type     string   `json:"type"`
	ID       string   `json:"action_id"`
	BlockID  string   `json:"block_id"`
	Value    string   `json:"value"`
	Selected []choice `json:"selected_options"`
}

type choice struct {
	Value string `json:"value"`
}

// metadata is what the bot writes beside its own messages, to find them again.
type metadata struct {
	EventType string `json:"event_type"`
	Payload   struct {
		EventID  string `json:"event_id"`
		Question string `json:"question_ts"`
	} `json:"event_payload"`
}

// errMalformed says that a payload is not what its kind says. It holds no part of it.
var errMalformed = errors.New("slack: malformed payload")

// decode reads data into a T, skipping fields of an unexpected type.
func decode[T any](data []byte) (T, error) {
	var v T
	err := json.Unmarshal(data, &v)
	var mismatch *json.UnmarshalTypeError
	if err == nil || (errors.As(err, &mismatch) && mismatch.Field != "") {
		return v, nil
	}
	return v, fmt.Errorf("%w: not a JSON object", errMalformed)
}
