package slack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack/slackfake"
)

// altered returns an event whose payload was changed.
func altered(e slackfake.Envelope, change func(payload, inner map[string]any)) slackfake.Envelope {
	var p map[string]any
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		panic(err)
	}
	inner, _ := p["event"].(map[string]any)
	change(p, inner)
	data, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	e.Payload = data
	return e
}

// Frames that are no JSON, or empty, cost nothing but a count.
func TestFramesThatAreNoEnvelopes(t *testing.T) {
	w := start(t, nil)
	for _, frame := range []string{"", "not json", "[]", `"text"`, "{}", "null", `{"type":"hello"}`} {
		for _, c := range w.fake.Sockets() {
			_ = c.Send(frame)
		}
	}
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
	if got := w.adapter.Counts(); got.BadFrames == 0 || got.BadMessages == 0 {
		t.Errorf("counted %+v", got)
	}
}

// What is unknown is acknowledged, so that Slack does not send it again and again.
func TestUnknownEnvelopesAreAcknowledged(t *testing.T) {
	w := start(t, nil)
	mention := slackfake.Mention("C1", "U1", "what is KAP?")
	for name, e := range map[string]slackfake.Envelope{
		"unknown envelope type": {Type: "brand_new", Payload: json.RawMessage(`{"a":1}`)},
		"unknown inner event":   slackfake.Event(slackfake.TeamID, slackfake.Fields{"type": "brand_new_event", "user": "U1"}),
		"payload is text":       {Type: "events_api", Payload: json.RawMessage(`"text"`)},
		"payload is a list":     {Type: "interactive", Payload: json.RawMessage(`[1,2]`)},
		"payload is null":       {Type: "slash_commands", Payload: json.RawMessage(`null`)},
		"no inner event":        altered(mention, func(p, _ map[string]any) { delete(p, "event") }),
		"no event id":           altered(mention, func(p, _ map[string]any) { delete(p, "event_id") }),
		"no channel":            altered(mention, func(_, e map[string]any) { delete(e, "ts") }),
		"unknown interaction":   slackfake.Interaction("brand_new", "U1", nil),
		"unknown button":        slackfake.Press("U1", slackfake.Message{Channel: "C1", TS: "1.1"}, "", slackfake.Fields{"action_id": "brand_new", "type": "button"}),
		"no actions":            slackfake.Interaction("block_actions", "U1", nil),
		"view closed":           slackfake.Interaction("view_closed", "U1", nil),
		"foreign shortcut":      slackfake.Shortcut("other", "U1", "C1", "1.1", "text", ""),
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.deliver(e)
		})
	}
	w.t = t
	w.settled()
	if n := w.fake.Posted(); n != 0 {
		t.Errorf("%d messages were posted", n)
	}
	if st := w.fake.Stats(); st.Retries != 0 {
		t.Errorf("Slack had to send %d times again", st.Retries)
	}
}

// slack-go rejects a whole event for one field of an unexpected type. The question
// in it is answered all the same.
func TestOneWrongFieldLosesNoQuestion(t *testing.T) {
	for name, change := range map[string]func(p, e map[string]any){
		"blocks is a number":      func(_, e map[string]any) { e["blocks"] = 7 },
		"thread count is text":    func(_, e map[string]any) { e["reply_count"] = "many" },
		"metadata is text":        func(_, e map[string]any) { e["metadata"] = "m" },
		"edited is true":          func(_, e map[string]any) { e["edited"] = true },
		"authorizations is text":  func(p, _ map[string]any) { p["authorizations"] = "none" },
		"event time is an object": func(p, _ map[string]any) { p["event_time"] = map[string]any{} },
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, nil)
			w.deliver(altered(slackfake.Mention("C1", "U1", "what is KAP?"), change))
			w.answers("C1", 1)
		})
	}
}

// Copies of an event, from retries or from two sockets, are answered once.
func TestCopiesAreAnsweredOnce(t *testing.T) {
	w := start(t, nil)
	e := slackfake.Mention("C1", "U1", "what is KAP?")
	for i, c := range append(w.fake.Sockets(), w.fake.Sockets()...) {
		_ = c.Send(slackfake.Frame(e, strings.Repeat("x", i+1)))
	}
	w.deliver(e)
	w.deliver(e)
	w.answers("C1", 1)
	w.settled()
	w.answers("C1", 1)
}

// A mention in a channel arrives as two events. They are one question.
func TestMentionArrivesTwice(t *testing.T) {
	w := start(t, nil)
	mention := slackfake.Mention("C1", "U1", "what is KAP?")
	twin := altered(slackfake.Reply("C1", "U1", "<@"+slackfake.BotUserID+"> what is KAP?", ""), func(_, e map[string]any) { delete(e, "thread_ts") })
	w.deliver(twin)
	w.deliver(mention)
	w.deliver(twin)
	w.settled()
	w.answers("C1", 1)
}

// An event that follows Slack's disconnect on the same socket is not lost: nobody
// acknowledges it there, and Slack sends it again.
func TestEventAfterDisconnect(t *testing.T) {
	w := start(t, nil)
	for _, c := range w.fake.Sockets() {
		c.Disconnect("refresh_requested")
	}
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
}

// While Slack holds no socket of ours, its retries bring the event.
func TestEventWithoutSocket(t *testing.T) {
	w := start(t, nil)
	w.fake.Play(slackfake.Script{OpenDelay: 100 * time.Millisecond})
	for _, c := range w.fake.Sockets() {
		c.Reset()
	}
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
}
