package slack_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
)

// samples are payloads of every kind, to start from.
func samples() []slackfake.Envelope {
	m := slackfake.Message{Channel: "C1", TS: "1.1", Blocks: json.RawMessage(`[]`), Metadata: json.RawMessage(`{"event_type":"kapbot_reply","event_payload":{"event_id":"Ev1"}}`)}
	return []slackfake.Envelope{
		slackfake.Mention("C1", "U1", "what is KAP?"), slackfake.Direct("D1", "U1", "hi &lt;!channel&gt; <@U2|x>"),
		slackfake.Reply("C1", "U1", "and then?", "1.1"), slackfake.Changed("D1", "im", "U1", "new", "1.1"), slackfake.Deleted("D1", "im", "U1", "1.1"),
		slackfake.HomeOpened("U1", "D1", "home"), slackfake.HomeOpened("U1", "D1", "messages"),
		slackfake.Event("T1", slackfake.Fields{"type": "tokens_revoked", "tokens": slackfake.Fields{"bot": []string{"U1"}}}),
		slackfake.Slash("C1", "U1", "/kap", "evidence pain", "http://127.0.0.1:1/response"),
		slackfake.Press("U1", m, "http://127.0.0.1:1/response", slackfake.Fields{"action_id": "rate", "value": "up x"}),
		slackfake.Press("U1", m, "http://127.0.0.1:1/response", slackfake.Fields{"action_id": "tick:0", "selected_options": []slackfake.Fields{{"value": "99999999999999999999"}}}),
		slackfake.Shortcut("answer_with_kap", "U1", "C1", "1.1", "text", ""), slackfake.Submit("U1", slackfake.View{ID: "V1", Body: json.RawMessage(`{"type":"modal","callback_id":"preview"}`)}, nil),
	}
}

// fuzzed is an adapter in HTTP mode whose Slack is away: what matters is that every
// signed body, of whatever form, is answered and nothing panics.
var fuzzed = sync.OnceValues(func() (http.Handler, error) {
	b, err := theBot()
	if err != nil {
		return nil, err
	}
	a, err := slack.New(slack.Options{
		Bot: b, Engine: nobody{}, BotToken: "xoxb-1", SigningSecret: "shh", Mode: slack.HTTP, Listen: "127.0.0.1:0", APIURL: "http://127.0.0.1:1/api/", AckPatience: 1e6,
	})
	if err != nil {
		return nil, err
	}
	return a.Handler(context.Background()), nil
})

// FuzzDeliveries posts signed bodies of every kind.
func FuzzDeliveries(f *testing.F) {
	for _, e := range samples() {
		f.Add(string(e.Payload), 0)
		f.Add(string(e.Payload), 1)
	}
	f.Add(`{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":{},"user":7,"message":[]}}`, 0)
	f.Add("payload=%7B%7D&command=x", 2)
	f.Add("", 2)
	handler, err := fuzzed()
	if err != nil {
		f.Fatal(err)
	}
	signer := slackfake.New(slackfake.Options{SigningSecret: "shh"})
	f.Cleanup(signer.Close)
	f.Fuzz(func(t *testing.T, payload string, form int) {
		e := slackfake.Envelope{Payload: json.RawMessage(payload), Type: "events_api"}
		if form == 1 {
			e.Type = "interactive"
		}
		req, err := signer.Request("http://x/slack/events", e, 0, time.Now())
		if err != nil {
			t.Skip()
		}
		if form == 2 {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK && rec.Code != http.StatusServiceUnavailable {
			t.Errorf("status %d", rec.Code)
		}
		if strings.Contains(rec.Body.String(), "panic") {
			t.Error(rec.Body.String())
		}
	})
}
