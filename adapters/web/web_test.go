package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"kapbot/bot"
)

// realBot is the bot with the built-in document. It is opened once: it is never changed.
var realBot = sync.OnceValues(func() (*bot.Bot, error) { return bot.New(context.Background(), bot.Options{}) })

func newBot(t testing.TB) *bot.Bot {
	t.Helper()
	b, err := realBot()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newServer is a server on the real bot, with ratings, unless o says otherwise.
func newServer(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Bot == nil {
		o.Bot = newBot(t)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// do sends one request straight to the handler.
func do(t testing.TB, h http.Handler, r *http.Request) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func formRequest(path string, fields url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func jsonRequest(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}
