package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapbot/bot"
)

// The pages, and what a person must find on each.
func TestPages(t *testing.T) {
	s := newServer(t, Options{})
	for _, tt := range []struct {
		path, want  string
		disclaimers int // under each reply, in what is shown offline, and at the foot
	}{
		{"/", `name="topic" value="how-it-works"`, 3},
		{"/topics", `href="/topics/study-chronic-pain"`, 1},
		{"/topics/how-it-works", "glutamate", 2},
		{"/checklist", `type="checkbox"`, 2},
		{"/evidence", `name="condition"`, 2},
	} {
		res := do(t, s.Handler(), httptest.NewRequest(http.MethodGet, tt.path, nil))
		page := body(t, res)
		if res.StatusCode != http.StatusOK {
			t.Errorf("GET %s: status %d", tt.path, res.StatusCode)
		}
		if !strings.Contains(page, tt.want) {
			t.Errorf("GET %s: no %q in the page", tt.path, tt.want)
		}
		if n := strings.Count(page, s.bot.Words().Disclaimer); n < tt.disclaimers {
			t.Errorf("GET %s: the disclaimer stands %d times, want %d", tt.path, n, tt.disclaimers)
		}
	}
}

// Every response carries the disclaimer, whatever it is.
func TestDisclaimerEverywhere(t *testing.T) {
	s := newServer(t, Options{Rater: &ratings{}})
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/nothing", nil),
		httptest.NewRequest(http.MethodGet, "/topics/nothing", nil),
		httptest.NewRequest(http.MethodDelete, "/ask", nil),
		httptest.NewRequest(http.MethodPost, "/ask", strings.NewReader("not a form")),
		formRequest("/ask", url.Values{"q": {strings.Repeat("x", maxBody)}}),
		formRequest("/ask", url.Values{"topic": {"nothing"}}),
		formRequest("/ask", url.Values{"q": {""}}),
		formRequest("/rate", url.Values{"rating": {"yes.forged"}}),
		httptest.NewRequest(http.MethodGet, "/v1/nothing", nil),
		httptest.NewRequest(http.MethodGet, "/v1/ask", nil),
		httptest.NewRequest(http.MethodGet, "/v1/topics", nil),
		httptest.NewRequest(http.MethodGet, "/v1/topics/nothing", nil),
		jsonRequest("/v1/ask", `{"q":`),
		jsonRequest("/v1/ratings", `{}`),
		httptest.NewRequest(http.MethodPost, "/v1/ask", strings.NewReader("{}")),
	} {
		res := do(t, s.Handler(), r)
		if text := body(t, res); !strings.Contains(text, s.bot.Words().Disclaimer) {
			t.Errorf("%s %s: status %d without the disclaimer:\n%.300s", r.Method, r.URL.Path, res.StatusCode, text)
		}
	}
}

// Without a script the conversation goes on in the token: a follow-up is
// understood, and the topics already read are listed.
func TestFollowUpWithoutScript(t *testing.T) {
	s := newServer(t, Options{})
	first := body(t, do(t, s.Handler(), formRequest("/ask", url.Values{"q": {"How does it work?"}})))
	page := body(t, do(t, s.Handler(), formRequest("/ask", url.Values{
		"q": {"who may benefit from it?"}, "conversation": {tokenIn(t, first)},
	})))
	if !strings.Contains(page, `<div class="seen">`) || !strings.Contains(page, `href="/topics/how-it-works"`) {
		t.Error("the topic that was read is not listed")
	}
}

// Help that was given stays on top of the page, whatever is asked next.
func TestHelpStaysWithoutScript(t *testing.T) {
	s := newServer(t, Options{})
	for said, number := range map[string]string{"I want to die": "tel:988", "he is not breathing and won't wake up": "tel:911"} {
		page := body(t, do(t, s.Handler(), formRequest("/ask", url.Values{"q": {said}})))
		if !strings.Contains(page, `href="`+number+`"`) {
			t.Fatalf("%q: no %s in the page", said, number)
		}
		page = body(t, do(t, s.Handler(), formRequest("/ask", url.Values{"q": {"who may benefit?"}, "conversation": {tokenIn(t, page)}})))
		top, _, _ := strings.Cut(page, "<main")
		if !strings.Contains(top, `href="`+number+`"`) {
			t.Errorf("%q: %s is not on top of the next page", said, number)
		}
	}
}

// What a person or a document writes is text, never markup.
func TestNothingInjected(t *testing.T) {
	s := newServer(t, Options{})
	hostile := `</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"'`
	page := body(t, do(t, s.Handler(), formRequest("/ask", url.Values{"q": {hostile}, "conversation": {hostile}})))
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") {
		t.Error("the question became markup")
	}
	if !strings.Contains(page, "&lt;script&gt;alert(1)") {
		t.Error("the question is not shown as it was typed")
	}
}

// A document cannot put markup, a script or a link that runs into a page.
func TestNothingInjectedByDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clinic.md")
	doc := `+++
id = "clinic"
title = "Our </title><script>alert(1)</script>"
language = "en"
reviewed = 2026-11-24
+++

## What does it <b>cost</b>? {#cost}

It costs </script><script>alert(2)</script> <img src=x onerror=alert(3)> [much](javascript:alert) and more.
`
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(t.Context(), bot.Options{Documents: []string{path}})
	if err != nil {
		t.Skipf("the reader refuses the document, which is as good: %v", err)
	}
	defer b.Close()
	s := newServer(t, Options{Bot: b})
	for _, path := range []string{"/", "/topics", "/topics/clinic/cost"} {
		res := do(t, s.Handler(), httptest.NewRequest(http.MethodGet, path, nil))
		page := body(t, res)
		if res.StatusCode != http.StatusOK || strings.Contains(page, "<script>") || strings.Contains(page, "<img") || strings.Contains(page, `href="javascript:`) || strings.Contains(page, "<b>") {
			t.Errorf("%s: status %d, or markup from the document:\n%s", path, res.StatusCode, page)
		}
	}
}

// A question in the URL is not read: it would stand in logs and in the history.
func TestQuestionInURLIsNotRead(t *testing.T) {
	s := newServer(t, Options{})
	page := body(t, do(t, s.Handler(), formRequest("/ask?q=canary", url.Values{})))
	if strings.Contains(page, "canary") {
		t.Error("a question in the URL was read")
	}
}

// The FAQ data of a topic's page is JSON that cannot end its script element.
func TestTopicPageData(t *testing.T) {
	s := newServer(t, Options{URL: "https://kap.example.org/"})
	page := body(t, do(t, s.Handler(), httptest.NewRequest(http.MethodGet, "/topics/what-is-kap", nil)))
	for _, want := range []string{
		`<link rel="canonical" href="https://kap.example.org/topics/what-is-kap">`,
		`"@type":"FAQPage"`,
		`"name":"What is ketamine-assisted psychotherapy (KAP)?"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in the page", want)
		}
	}
}

func TestSections(t *testing.T) {
	got := sections([]bot.Block{{Kind: bot.Heading}, {Kind: bot.Quote}, {Kind: bot.List}, {Kind: bot.Note}, {Kind: bot.Quote}})
	var shape string
	for _, s := range got {
		shape += map[bool]string{true: "q", false: "o"}[s.Quoted] + string(rune('0'+len(s.Blocks)))
	}
	if shape != "o1q2o1q1" {
		t.Errorf("sections: %s", shape)
	}
}

// tokenIn is the conversation token of a page.
func tokenIn(t *testing.T, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `name="conversation" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	if !ok || token == "" {
		t.Fatal("no conversation in the page")
	}
	return token
}
