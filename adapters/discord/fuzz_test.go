package discord_test

import (
	"encoding/json"
	"testing"
	"time"

	"kapbot/adapters/discord/discordfake"
)

// FuzzEvents sends anything as any event. The bot goes on answering.
func FuzzEvents(f *testing.F) {
	for _, e := range []struct{ event, data string }{
		{"MESSAGE_CREATE", `{"id":"1","channel_id":"2","author":{"id":"3"},"content":"<@1>","type":0}`},
		{"MESSAGE_CREATE", `{"id":1}`}, {"MESSAGE_CREATE", `null`}, {"MESSAGE_CREATE", `[]`},
		{"MESSAGE_UPDATE", `{"id":"1","edited_timestamp":"x"}`}, {"MESSAGE_DELETE_BULK", `{"ids":["",null]}`},
		{"GUILD_CREATE", `{"channels":[{"last_message_id":"x"},null]}`}, {"READY", `{"user":null}`}, {"THREAD_CREATE", `{"id":"1","type":-1}`},
		{"INTERACTION_CREATE", `{"id":"1","token":"t","type":2,"data":{"options":[{"type":1,"name":"ask","options":[{"name":"question","value":{}}]}]},"user":{"id":"1"}}`},
		{"INTERACTION_CREATE", `{"id":"99999999999999999","token":"../x","type":5,"user":{"id":"1"},"data":{"components":[{"type":18}]}}`},
		{"INTERACTION_CREATE", `{"id":"1","token":"t","type":3,"data":{"custom_id":"k1:tick:1:ffffffffffffffff.1","values":["99"]},"member":{"user":{"id":"1"},"permissions":"-1"}}`},
	} {
		f.Add(e.event, e.data)
	}
	f.Fuzz(func(t *testing.T, event, data string) {
		if !json.Valid([]byte(data)) {
			t.Skip("the gateway's frames are fuzzed elsewhere")
		}
		w := begin(t)
		w.Dispatch("", event, json.RawMessage(data))
		ann := w.NewUser("ann")
		w.replies(w.Say(ann, w.DM(ann).ID, "What is KAP?"), 1)
	})
}

// FuzzPresses sends anything as a custom id, with any values. Each press is answered.
func FuzzPresses(f *testing.F) {
	for _, id := range []string{"k1:did:1:what-is-kap", "k1:tick:1:ff.1", "k1:set:1:auto", "k1:post:1:1/what-is-kap", "k1:del::", "\x00", "k1:why:1:x"} {
		f.Add(id, "0", "1")
	}
	f.Fuzz(func(t *testing.T, id, first, second string) {
		w := begin(t)
		ann := w.NewUser("ann")
		use := discordfake.Use{User: ann, Channel: w.DM(ann)}
		w.response(w.Press(use, "", id, first, second), 1)
	})
}

// FuzzEndpoint posts anything, signed. Each request is answered in time.
func FuzzEndpoint(f *testing.F) {
	for _, body := range []string{`{"type":1}`, `{"id":"1","token":"t","type":2,"user":{"id":"1"}}`, `{"type":"x"}`, `null`, `[]`, ``} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := overHTTP(t)
		r, err := w.signer.Request(w.url, []byte(body), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := send(t, r); status == 500 {
			t.Errorf("answered %d", status)
		}
	})
}
