package bot

import (
	"encoding/json"
	"testing"
	"time"
)

// say one thing after another and return the last reply.
func talk(t *testing.T, b *Bot, lines ...string) (Reply, Conversation) {
	t.Helper()
	var r Reply
	var c Conversation
	for _, l := range lines {
		r, c = b.Reply(t.Context(), Message{Text: l, Direct: true}, c)
	}
	return r, c
}

func TestChoicesAreAnsweredByNumberOrWords(t *testing.T) {
	b := newBot(t)
	for said, want := range map[string]string{
		"4": "choosing-a-provider", "number 4": "choosing-a-provider", "the second one": "how-it-works", "2.": "how-it-works",
		"How do I choose a provider?": "choosing-a-provider", "how do i choose a provider": "choosing-a-provider",
		"who-benefits": "who-benefits", "1 please": "what-is-kap",
	} {
		if r, _ := talk(t, b, "help", said); r.Kind() != Answer || r.Topic() != want {
			t.Errorf("after help, %q gives %s %q, want %s", said, r.Kind(), r.Topic(), want)
		}
	}
	if r, _ := talk(t, b, "help", "99"); r.Kind() == Answer {
		t.Errorf("a number that was not offered gives the topic %q", r.Topic())
	}
}

// later is the conversation as it would be d after its last reply.
func later(c Conversation, d time.Duration) Conversation {
	c.At = c.At.Add(-d)
	if !c.CrisisUntil.IsZero() {
		c.CrisisUntil = c.CrisisUntil.Add(-d)
	}
	return c
}

func TestConversationForgets(t *testing.T) {
	b := newBot(t)
	_, c := talk(t, b, "What is KAP?")
	if c.Topic != "what-is-kap" {
		t.Fatalf("the topic is %q", c.Topic)
	}
	if _, c := b.Reply(t.Context(), Message{Text: "hello"}, later(c, 29*time.Minute)); c.Topic != "what-is-kap" {
		t.Errorf("after 29 minutes the topic is %q", c.Topic)
	}
	if _, c := b.Reply(t.Context(), Message{Text: "hello"}, later(c, 31*time.Minute)); c.Topic != "" {
		t.Errorf("after 31 minutes the topic is still %q", c.Topic)
	}
}

func TestLineOfHelpStaysForAnHourAfterACrisis(t *testing.T) {
	b := newBot(t)
	r, c := talk(t, b, "I want to kill myself")
	if r.Kind() != Crisis {
		t.Fatalf("kind is %s", r.Kind())
	}
	for wait, want := range map[time.Duration]bool{time.Minute: true, 59 * time.Minute: true, 61 * time.Minute: false} {
		r, _ := b.Reply(t.Context(), Message{Text: "What is KAP?"}, later(c, wait))
		if r.Resources() != want || (r.QuietLine() != "") != want {
			t.Errorf("%s later: resources is %v, want %v", wait, r.Resources(), want)
		}
	}
}

func TestConversationSurvivesJSON(t *testing.T) {
	b := newBot(t)
	_, c := talk(t, b, "I want to die", "help", "2")
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var d Conversation
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if !c.Equal(d) {
		t.Errorf("%+v became %+v by way of %s", c, d, data)
	}
}
