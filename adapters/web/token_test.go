package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kapbot/bot"
)

func TestToken(t *testing.T) {
	ours, err := newSealer([]byte("a key of at least sixteen bytes"))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := newSealer([]byte("another key of sixteen bytes"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
	st := state{Conversation: bot.Conversation{Topic: "how-it-works", At: now}, Urgent: bot.Crisis, UrgentUntil: now.Add(time.Hour)}
	token := ours.sealState(st, now, time.Hour)

	got, err := ours.openState(token, now.Add(59*time.Minute))
	if err != nil || got.Conversation.Topic != "how-it-works" || got.Urgent != bot.Crisis {
		t.Errorf("opened: %+v, %v", got, err)
	}
	if strings.Contains(token, "how-it-works") {
		t.Error("the token can be read")
	}
	if again := ours.sealState(st, now, time.Hour); again == token {
		t.Error("two tokens of one conversation are the same, and can be linked")
	}
	for name, tt := range map[string]struct {
		s     sealer
		token string
		at    time.Time
		want  error
	}{
		"expired":      {ours, token, now.Add(time.Hour), errTokenExpired},
		"another key":  {theirs, token, now, errTokenInvalid},
		"cut":          {ours, token[:len(token)-5], now, errTokenInvalid},
		"changed":      {ours, "A" + token[1:], now, errTokenInvalid},
		"a rating":     {ours, ours.seal(purposeTicket, ticket{ID: "x"}), now, errTokenInvalid},
		"not base64":   {ours, "!!", now, errTokenInvalid},
		"far too long": {ours, strings.Repeat("A", maxToken+1), now, errTokenInvalid},
	} {
		if tt.token == token[:1]+token[1:] && name == "changed" {
			continue // it began with an A by chance
		}
		if _, err := tt.s.openState(tt.token, tt.at); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// The longest conversation fits a token.
func TestTokenFits(t *testing.T) {
	s, err := newSealer([]byte("a key of at least sixteen bytes"))
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Repeat("long-", 12) + "/" + strings.Repeat("topic-", 12)
	st := state{Conversation: bot.Conversation{Topic: id, Offered: []string{id, id, id}, Turn: 1 << 30, At: time.Now(), CrisisUntil: time.Now()}}
	for i := range 20 {
		st.see(id + strings.Repeat("x", i))
	}
	if n := len(s.sealState(st, time.Now(), time.Hour)); n > maxToken {
		t.Errorf("the token has %d bytes", n)
	}
	if len(st.Seen) != maxSeen {
		t.Errorf("%d topics are remembered", len(st.Seen))
	}
}

// No token that anyone makes up opens, whatever it is.
func FuzzToken(f *testing.F) {
	s, err := newSealer([]byte(rand.Text())) // each worker of the fuzzer has its own
	if err != nil {
		f.Fatal(err)
	}
	now := time.Now()
	good := s.sealState(state{}, now, time.Hour)
	for _, seed := range []string{"", "A", good[:20], good + "A", strings.ToLower(good), "%00", strings.Repeat("A", 5000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if st, err := s.openState(token, now); err == nil && token != "" && token != good {
			t.Errorf("%q opened as %+v", token, st)
		}
	})
}

// Whatever is sent to the API, the answer is one that the document describes.
func FuzzAsk(f *testing.F) {
	h, c := newServer(f, Options{Limits: Limits{PerAddress: 1e9, PerAddressBurst: 1e9, Total: 1e9, TotalBurst: 1e9}}).Handler(), newContract(f)
	route := c.doc.Paths.Value("/v1/ask").Post
	for _, seed := range []string{
		`{"q":"How does it work?"}`, `{"q":"I want to die","locale":"en-GB"}`, `{"q":"and for PTSD?","prior":"Who may benefit?"}`,
		`{"q":"\u0000\ud800"}`, `{"q":null}`, `[]`, `{"q":"x","conversation":"AAAA"}`, `{"Q":"x"}`, `{"q":"x","locale":"zz-ZZ-x-"}`, "", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		res := do(t, h, jsonRequest("/v1/ask", sent))
		got := body(t, res)
		if route.Responses.Status(res.StatusCode) == nil || res.StatusCode >= 500 {
			t.Fatalf("status %d for %q", res.StatusCode, sent)
		}
		if !strings.Contains(got, newBot(t).Words().Disclaimer) {
			t.Errorf("no disclaimer for %q: %s", sent, got)
		}
	})
}

// Whatever is sent as a form, the page is whole and nothing in it is markup
// that the person wrote.
func FuzzForm(f *testing.F) {
	h := newServer(f, Options{Rater: &ratings{}, Limits: Limits{PerAddress: 1e9, PerAddressBurst: 1e9, Total: 1e9, TotalBurst: 1e9}}).Handler()
	f.Add("How does it work?", "", "", "")
	f.Add(`<script>alert(1)</script>`, `">`, "how-it-works", "yes.AAAA")
	f.Add("\x00\xff", "AAAA", "x/y", "no.")
	f.Fuzz(func(t *testing.T, q, conversation, topic, rating string) {
		for _, path := range []string{"/ask", "/rate", "/evidence"} {
			res := do(t, h, formRequest(path, url.Values{
				"q": {q}, "conversation": {conversation}, "topic": {topic}, "rating": {rating}, "condition": {topic},
			}))
			page := body(t, res)
			if res.StatusCode >= 500 || res.StatusCode == http.StatusNotFound && path == "/evidence" {
				t.Fatalf("%s: status %d", path, res.StatusCode)
			}
			if !strings.HasSuffix(strings.TrimSpace(page), "</html>") || strings.Count(page, "<script") != 1 {
				t.Errorf("%s: the page is broken:\n%s", path, page)
			}
		}
	})
}
