package slack_test

import (
	"strings"
	"testing"

	"kapbot/adapters/slack/slackfake"
)

func TestMentionIsAnsweredInAThread(t *testing.T) {
	w := start(t, nil)
	w.deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
	m := w.answers("C1", 1)[0]
	if m.ThreadTS == "" {
		t.Error("the answer is not in a thread")
	}
	if !strings.HasSuffix(m.Text, disclaimer(t)) {
		t.Errorf("fallback text does not end in the disclaimer: %q", m.Text)
	}
	if !strings.Contains(string(m.Blocks), disclaimer(t)) {
		t.Error("the blocks lack the disclaimer")
	}
}
