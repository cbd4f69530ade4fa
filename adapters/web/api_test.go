package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// contract checks requests and responses against the OpenAPI document.
type contract struct {
	doc    *openapi3.T
	router routers.Router
}

func newContract(t testing.TB) contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return contract{doc, router}
}

// call sends the request and holds the response to the document. good says that
// the request keeps to the document too.
func (c contract) call(t testing.TB, h http.Handler, r *http.Request, good bool) (*http.Response, []byte) {
	t.Helper()
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	res := do(t, h, r)
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s is not in the document: %v", r.Method, r.URL.Path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: r, Route: route, PathParams: params}
	if err := openapi3filter.ValidateRequest(context.Background(), in); (err == nil) != good {
		t.Errorf("%s %s %s: the document says %v, and the test says good=%t", r.Method, r.URL.Path, sent, err, good)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: res.StatusCode, Header: res.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	out.SetBodyBytes(got)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("%s %s: status %d: %v", r.Method, r.URL.Path, res.StatusCode, err)
	}
	return res, got
}

// Every answer of the API is what the document says, the errors too.
func TestAPIKeepsToDocument(t *testing.T) {
	c := newContract(t)
	kept := &ratings{}
	s := newServer(t, Options{Rater: kept})
	h := s.Handler()
	get := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

	for _, tt := range []struct {
		name   string
		r      *http.Request
		status int
		good   bool
		kind   string
	}{
		{"answer", jsonRequest("/v1/ask", `{"id":"7","q":"How does it work?"}`), 200, true, "answer"},
		{"crisis", jsonRequest("/v1/ask", `{"q":"I want to die","locale":"en-US"}`), 200, true, "crisis"},
		{"empty", jsonRequest("/v1/ask", `{}`), 200, true, ""},
		{"not JSON", jsonRequest("/v1/ask", `{"q"`), 400, false, ""},
		{"wrong field type", jsonRequest("/v1/ask", `{"q":7}`), 400, false, ""},
		{"unknown field", jsonRequest("/v1/ask", `{"question":"x"}`), 400, false, ""},
		{"two objects", jsonRequest("/v1/ask", `{"q":"a"}{"q":"b"}`), 400, true, ""},
		{"wrong type", httptest.NewRequest(http.MethodPost, "/v1/ask", strings.NewReader("q=x")), 415, false, ""},
		{"too large", jsonRequest("/v1/ask", `{"q":"`+strings.Repeat("x", maxBody)+`"}`), 413, true, ""},
		{"topics", get("/v1/topics"), 200, true, ""},
		{"topic", get("/v1/topics/how-it-works"), 200, true, "answer"},
		{"no topic", get("/v1/topics/nothing"), 404, true, ""},
		{"no ticket", jsonRequest("/v1/ratings", `{"rating":"x","helpful":true}`), 422, true, ""},
		{"no verdict", jsonRequest("/v1/ratings", `{"rating":"x"}`), 400, false, ""},
		{"document", get("/v1/openapi.json"), 200, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, got := c.call(t, h, tt.r, tt.good)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, got)
			}
			if tt.status >= 400 && res.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("content type %q", res.Header.Get("Content-Type"))
			}
			if tt.kind != "" && !strings.Contains(string(got), `"kind":"`+tt.kind+`"`) {
				t.Errorf("want kind %s: %s", tt.kind, got)
			}
		})
	}

	_, got := c.call(t, h, jsonRequest("/v1/ask", `{"q":"How does it work?"}`), true)
	var a answerBody
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(map[string]any{"rating": a.Rating, "helpful": false, "reason": "unclear"})
	if res, got := c.call(t, h, jsonRequest("/v1/ratings", string(body)), true); res.StatusCode != 200 {
		t.Errorf("rating: %d %s", res.StatusCode, got)
	}
	all := kept.all()
	if len(all) != 1 || all[0].Topic != "how-it-works" || all[0].Reason != engine.Unclear {
		t.Errorf("kept: %+v", all)
	}
}

// The document names every field that the code reads or sends, every route, and
// every value that the code can send.
func TestDocumentIsComplete(t *testing.T) {
	c := newContract(t)
	for name, v := range map[string]any{
		"Question": question{}, "Record": bot.Record{}, "Source": bot.RecordSource{}, "Topic": bot.Topic{},
		"TopicList": topicList{}, "Rating": ratingBody{}, "Problem": problemDetails{},
	} {
		var code []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			code = append(code, strings.Split(f.Tag.Get("json"), ",")[0])
		}
		var doc []string
		for field := range c.doc.Components.Schemas[name].Value.Properties {
			doc = append(doc, field)
		}
		slices.Sort(code)
		slices.Sort(doc)
		if !slices.Equal(code, doc) {
			t.Errorf("%s: the code has %v, the document %v", name, code, doc)
		}
	}
	reasons := fmt.Sprint(c.doc.Components.Schemas["Rating"].Value.Properties["reason"].Value.Enum)
	if want := fmt.Sprint(append([]engine.Reason{engine.NoReason}, engine.Reasons()...)); reasons != want {
		t.Errorf("reasons: the code has %s, the document %s", want, reasons)
	}
	for path := range c.doc.Paths.Map() {
		if apiMethods(strings.ReplaceAll(path, "{id}", "x")) == "" {
			t.Errorf("%s is in the document and not in the code", path)
		}
	}
}

func TestAPIConversation(t *testing.T) {
	now := time.Now()
	s := newServer(t, Options{Now: func() time.Time { return now }})
	ask := func(body string) answerBody {
		t.Helper()
		var a answerBody
		if err := json.NewDecoder(do(t, s.Handler(), jsonRequest("/v1/ask", body)).Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	follow := func(token string) answerBody {
		return ask(fmt.Sprintf(`{"q":"and for PTSD?","conversation":%q}`, token))
	}
	first := ask(`{"q":"Who may benefit from it?"}`)
	if a := follow(first.Conversation); a.Fresh || a.Kind != bot.Answer {
		t.Errorf("follow-up: %+v", a)
	}
	if a := follow(first.Conversation[:len(first.Conversation)-4] + "AAAA"); !a.Fresh || a.Text == "" {
		t.Errorf("a changed token: fresh=%t", a.Fresh)
	}
	now = now.Add(2 * time.Hour)
	if a := follow(first.Conversation); !a.Fresh || a.Text == "" {
		t.Errorf("an old token: fresh=%t", a.Fresh)
	}
	other := newServer(t, Options{})
	res := do(t, other.Handler(), jsonRequest("/v1/ask", fmt.Sprintf(`{"q":"I want to die","conversation":%q}`, first.Conversation)))
	if got := body(t, res); res.StatusCode != 200 || !strings.Contains(got, `"fresh":true`) || !strings.Contains(got, "988") {
		t.Errorf("another key's token: %d %s", res.StatusCode, got)
	}
}

// After a crisis every reply of the conversation shows where help is.
func TestAPICrisisIsRemembered(t *testing.T) {
	s := newServer(t, Options{})
	got := body(t, do(t, s.Handler(), jsonRequest("/v1/ask", `{"q":"I want to die"}`)))
	token := regexp.MustCompile(`"conversation":"([^"]+)"`).FindStringSubmatch(got)[1]
	got = body(t, do(t, s.Handler(), jsonRequest("/v1/ask", fmt.Sprintf(`{"q":"who may benefit?","conversation":%q}`, token))))
	if !strings.Contains(got, `"resources":true`) || !strings.Contains(got, "988") {
		t.Errorf("no help in %s", got)
	}
}
