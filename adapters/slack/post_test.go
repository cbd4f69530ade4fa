package slack_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack/slackfake"
)

// A post is tried again when Slack was busy, and never made twice.
func TestPostIsMadeOnce(t *testing.T) {
	for name, faults := range map[string][]slackfake.Fault{
		"429":                          {slackfake.RateLimited("0"), slackfake.RateLimited("1")},
		"429 without Retry-After":      {slackfake.RateLimited("")},
		"429 with nonsense":            {slackfake.RateLimited("soon")},
		"503":                          {{Status: http.StatusServiceUnavailable}, {Status: http.StatusBadGateway}},
		"500 page":                     {{Status: 500, Body: "<html>oops</html>"}},
		"internal_error":               {{Error: "internal_error"}},
		"not JSON":                     {{Body: "<html></html>"}},
		"hang":                         {{Hang: time.Minute}},
		"503 after the work was done":  {{Status: 503, After: true}},
		"hang after the work was done": {{Hang: time.Minute, After: true}},
		"internal_error after all":     {{Error: "internal_error", After: true}},
		"429, then 503 after the work": {slackfake.RateLimited("0"), {Status: 503, After: true}},
		"the look for it fails too":    {{Status: 503, After: true}},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, func(o *slackOptions) { o.Timeout = 300 * time.Millisecond })
			w.fake.Fail("chat.postMessage", faults...)
			if strings.Contains(name, "look") {
				w.fake.Fail("conversations.replies", slackfake.Fault{Status: 500}, slackfake.RateLimited("0"))
			}
			w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
			w.answers("C1", 1)
			w.settled()
			w.answers("C1", 1)
		})
	}
}

// Where Slack does not let the bot look for its answer, it answers all the same.
func TestPostWithoutALook(t *testing.T) {
	w := start(t, nil)
	w.fake.Fail("chat.postMessage", slackfake.Fault{Status: 503})
	w.fake.Fail("conversations.replies", slackfake.Fault{Error: "missing_scope"})
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	w.answers("C1", 1)
}

// An answer whose blocks Slack refuses goes out as plain text: better plain than
// not at all.
func TestRefusedBlocks(t *testing.T) {
	fake := slackfake.New(quick())
	t.Cleanup(fake.Close)
	w := startOn(t, fake, engineOptions(), func(o *slackOptions) { o.Log = nil })
	fake.Fail("chat.postMessage", slackfake.Fault{Error: "invalid_blocks"})
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	m := w.answers("C1", 1)[0]
	if !strings.HasSuffix(m.Text, disclaimer(t)) {
		t.Errorf("text is %q", m.Text)
	}
}

// Every message carries the event's id, and nothing else about its asker.
func TestMetadata(t *testing.T) {
	w := start(t, nil)
	e := slackfake.Mention("C1", "U1", "what is KAP?")
	w.deliver(e)
	m := w.answers("C1", 1)[0]
	if !strings.Contains(string(m.Metadata), `"event_id":"`+e.Key+`"`) || strings.Contains(string(m.Metadata), "U1") {
		t.Errorf("metadata is %s", m.Metadata)
	}
}

// One workspace whose Web API hangs delays no other.
func TestWorkspacesAreIsolated(t *testing.T) {
	w := start(t, func(o *slackOptions) { o.Timeout = 5 * time.Second })
	w.fake.Fail("conversations.replies", slackfake.Fault{Hang: 3 * time.Second})
	w.fake.Deliver(slackfake.Reply("C1", "U1", "and then?", "1.1")) // asks Slack about its thread, which hangs
	w.eventually("the look at the thread", func() bool { return len(w.fake.Calls("conversations.replies")) == 1 })
	w.deliver(slackfake.Mention("C2", "U2", "what is KAP?"))
	w.answers("C2", 1)
}

// Nothing that a person wrote, and no token, is in the log.
func TestLogIsPrivate(t *testing.T) {
	w := start(t, nil)
	w.fake.Fail("chat.postMessage", slackfake.Fault{Error: "channel_not_found"}, slackfake.Fault{Status: 503})
	w.fake.Fail("apps.connections.open", slackfake.Fault{Status: 500})
	for _, c := range w.fake.Sockets() {
		c.Reset()
	}
	w.fake.Deliver(slackfake.Mention("C1", "USECRET", "purplegiraffe?"))
	w.eventually("an answer", func() bool { return len(w.fake.Messages("C1")) == 1 })
	w.settled()
	for _, secret := range []string{"purplegiraffe", "USECRET", "xoxb-1", "xapp-1", "ticket="} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}
