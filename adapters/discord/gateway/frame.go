package gateway

import (
	"encoding/json"
	"fmt"
)

// Opcodes of the gateway, https://discord.com/developers/docs/topics/opcodes-and-status-codes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// closeKeep is the code that we close with. Any code but 1000 and 1001 keeps
// the session alive on Discord's side.
const closeKeep = 4900

// frame is the envelope of every payload.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

// Event is one dispatch. Data is the event's own payload, not decoded.
type Event struct {
	Shard int
	Seq   int64
	Type  string // "MESSAGE_CREATE"
	Data  json.RawMessage

	session *session
}

// Hold says that the event is taken but not yet done. Until the returned
// function is called, another owner of the shard would be sent it again.
func (e Event) Hold() (done func()) {
	if e.session == nil || e.Seq == 0 {
		return func() {}
	}
	return e.session.hold(e.Seq)
}

// decode reads an envelope. Anything can come: what is no envelope is an error.
func decode(raw []byte) (frame, error) {
	var f frame
	if err := json.Unmarshal(raw, &f); err != nil {
		return frame{}, fmt.Errorf("decode frame of %d bytes: %w", len(raw), err)
	}
	return f, nil
}

type hello struct {
	Interval int64 `json:"heartbeat_interval"` // milliseconds
}

type ready struct {
	SessionID string `json:"session_id"`
	ResumeURL string `json:"resume_gateway_url"`
}

type identify struct {
	Token      string            `json:"token"`
	Intents    int               `json:"intents"`
	Shard      [2]int            `json:"shard"`
	Properties map[string]string `json:"properties"`
}

type resume struct {
	Token     string `json:"token"`
	SessionID string `json:"session_id"`
	Seq       int64  `json:"seq"`
}

// Error is a close code after which it makes no sense to connect again.
type Error struct {
	Code int
}

// advice says what to mend, by close code.
var advice = map[int]string{
	4004: "Discord does not accept the token; copy it anew from the developer portal, page Bot",
	4010: "Discord says that the shard is out of range; restart all replicas together",
	4011: "the bot is in too many servers for its number of shards; leave the number to Discord and restart",
	4012: "Discord no longer speaks this gateway version; update kapbot",
	4013: "Discord does not know the intents that were asked for; update kapbot",
	4014: "an intent was asked for that is not switched on; in the developer portal, page Bot, switch on Message Content Intent, or set message_content to false",
}

func (e *Error) Error() string {
	return fmt.Sprintf("gateway closed with %d: %s", e.Code, advice[e.Code])
}

// Refused is true: connecting again cannot help.
func (e *Error) Refused() bool { return true }

// fatal says whether Discord refuses for good.
func fatal(code int) bool { return advice[code] != "" }
