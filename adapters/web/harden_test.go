package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/bot"
)

// running is a server on a socket.
type running struct {
	addr string
	stop context.CancelFunc
	done chan error
}

func run(t *testing.T, o Options) *running {
	t.Helper()
	s := newServer(t, o)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{addr: ln.Addr().String(), stop: stop, done: make(chan error, 1)}
	go func() { r.done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		<-r.done
	})
	return r
}

// One address gets its share, and no more; another is not touched; someone in
// danger is answered all the same.
func TestFloodFromOneAddress(t *testing.T) {
	now := time.Now()
	s := newServer(t, Options{Limits: Limits{PerAddress: 1, PerAddressBurst: 3}, Now: func() time.Time { return now }})
	ask := func(from, q string) *http.Response {
		r := formRequest("/ask", url.Values{"q": {q}})
		r.RemoteAddr = from
		return do(t, s.Handler(), r)
	}
	for i := range 3 {
		if res := ask("192.0.2.1:1", "hello"); res.StatusCode != 200 {
			t.Fatalf("request %d: status %d", i, res.StatusCode)
		}
	}
	res := ask("192.0.2.1:2", "hello")
	if page := body(t, res); res.StatusCode != 429 || res.Header.Get("Retry-After") == "" || !strings.Contains(page, "Please wait a minute") {
		t.Errorf("over the limit: status %d", res.StatusCode)
	}
	if res := ask("192.0.2.1:3", "I want to die"); res.StatusCode != 200 || !strings.Contains(body(t, res), "tel:988") {
		t.Errorf("someone in danger was turned away: status %d", res.StatusCode)
	}
	for _, r := range []*http.Request{httptest.NewRequest("GET", "/topics/research", nil), httptest.NewRequest("GET", "/v1/topics", nil)} {
		r.RemoteAddr = "192.0.2.1:5"
		if res := do(t, s.Handler(), r); res.StatusCode != 429 || !strings.Contains(body(t, res), "Please wait a minute") {
			t.Errorf("%s over the limit: status %d", r.URL.Path, res.StatusCode)
		}
	}
	if res := ask("192.0.2.2:1", "hello"); res.StatusCode != 200 {
		t.Errorf("another address: status %d", res.StatusCode)
	}
	now = now.Add(2 * time.Second)
	if res := ask("192.0.2.1:4", "hello"); res.StatusCode != 200 {
		t.Errorf("after a pause: status %d", res.StatusCode)
	}
}

func TestFloodFromAll(t *testing.T) {
	now := time.Now()
	s := newServer(t, Options{Limits: Limits{Total: 1, TotalBurst: 2}, Now: func() time.Time { return now }})
	for i, want := range []int{200, 200, 503} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i)
		res := do(t, s.Handler(), r)
		if res.StatusCode != want {
			t.Errorf("request %d: status %d, want %d", i, res.StatusCode, want)
		}
		if page := body(t, res); want == 503 && !strings.Contains(page, "emergency number") {
			t.Error("who is turned away is not told whom to call in danger")
		}
	}
}

// A client that never finishes its headers or its body is dropped, and keeps
// nobody else waiting.
func TestSlowClients(t *testing.T) {
	r := run(t, Options{
		Times:  Times{Header: 300 * time.Millisecond, Read: 300 * time.Millisecond},
		Limits: Limits{InHand: 1},
	})
	var slow []net.Conn
	for _, start := range []string{
		"", "GET / HTTP/1.1\r\nHost: x\r\nX-", "POST /ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nq=",
	} {
		for range 10 {
			c, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, start); err != nil {
				t.Fatal(err)
			}
			slow = append(slow, c)
		}
	}
	res, err := http.Post("http://"+r.addr+"/ask", "application/x-www-form-urlencoded", strings.NewReader("q=hello"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("beside 30 slow clients: status %d", res.StatusCode)
	}
	for _, c := range slow {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
			t.Fatal("a slow client is still connected")
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// One address has so many connections and no more; when one ends, the next is taken.
func TestConnectionsPerAddress(t *testing.T) {
	r := run(t, Options{Limits: Limits{ConnsPerAddress: 2}})
	open := func() (net.Conn, bool) {
		c, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, "GET /v1/topics HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return c, false
		}
		_, err = io.ReadFull(c, make([]byte, 12))
		return c, err == nil
	}
	first, ok1 := open()
	_, ok2 := open()
	_, ok3 := open()
	if !ok1 || !ok2 || ok3 {
		t.Fatalf("connections taken: %t %t %t, want two", ok1, ok2, ok3)
	}
	first.Close()
	for range 100 {
		if _, ok := open(); ok {
			return
		}
	}
	t.Error("after one ended, no other was taken")
}

func TestListenerExemptsProxies(t *testing.T) {
	l := newListener(nil, Limits{Conns: 5, ConnsPerAddress: 1}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	proxy, person := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.1")
	got := []bool{l.take(proxy), l.take(proxy), l.take(person), l.take(person), l.take(proxy), l.take(proxy), l.take(proxy)}
	if want := "[true true true false true true false]"; fmt.Sprint(got) != want {
		t.Errorf("taken: %v, want %s", got, want)
	}
	for range 4 {
		l.give(proxy)
	}
	l.give(person)
	if l.open != 0 || len(l.by) != 0 {
		t.Errorf("after all ended: %d open, %d addresses", l.open, len(l.by))
	}
}

// breaking is a bot in which every message panics with its own text.
type breaking struct{ Bot }

func (breaking) Reply(_ context.Context, m bot.Message, _ bot.Conversation) (bot.Reply, bot.Conversation) {
	panic("cannot read " + m.Text)
}

// lines collects what is logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A panic costs one request: the person gets an apology, and the log a place.
func TestPanicStaysWithItsRequest(t *testing.T) {
	var log lines
	s := newServer(t, Options{Bot: breaking{newBot(t)}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	res := do(t, s.Handler(), formRequest("/ask", url.Values{"q": {"canary"}}))
	if page := body(t, res); res.StatusCode != 500 || !strings.Contains(page, "Something went wrong on my side") {
		t.Errorf("status %d", res.StatusCode)
	}
	if got := body(t, do(t, s.Handler(), jsonRequest("/v1/ask", `{"q":"canary"}`))); !strings.Contains(got, "urn:kapbot:problem:fault") {
		t.Errorf("problem: %s", got)
	}
	if !strings.Contains(log.String(), "POST /ask") || strings.Contains(log.String(), "canary") {
		t.Errorf("log: %s", log.String())
	}
}

// Words, names and addresses put in at every place of a request reach no log.
func TestNothingPrivateInLog(t *testing.T) {
	var log lines
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})
	r := run(t, Options{Rater: failing{}, Log: slog.New(handler), Limits: Limits{PerAddressBurst: 1000}})
	const canary = "canary4711"
	send := func(method, path, contentType, body string) {
		t.Helper()
		req, err := http.NewRequest(method, "http://"+r.addr+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{"User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Accept-Language", "Authorization"} {
			req.Header.Set(h, canary)
		}
		req.Header.Set("Content-Type", contentType)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	const form, object = "application/x-www-form-urlencoded", "application/json"
	for _, tt := range [][4]string{
		{"GET", "/" + canary, form, ""}, {"GET", "/?q=" + canary, form, ""}, {"GET", "/topics/" + canary, form, ""},
		{"GET", "/v1/topics/" + canary, form, ""}, {"GET", "/v1/" + canary, form, ""}, {"GET", "/assets/" + canary, form, ""},
		{"POST", "/ask?" + canary, form, "q=" + canary + "&conversation=" + canary}, {"POST", "/ask", form, "q=%" + canary},
		{"POST", "/ask", form, "topic=" + canary}, {"POST", "/rate", form, "rating=" + canary}, {"POST", "/evidence", form, "condition=" + canary},
		{"POST", "/v1/ask", object, `{"q":"` + canary + `","id":"` + canary + `"}`}, {"POST", "/v1/ask", object, canary},
		{"POST", "/v1/ask", object, `{"` + canary + `":1}`}, {"POST", "/v1/ratings", object, `{"rating":"` + canary + `","helpful":true}`},
		{"POST", "/v1/ask", object, `{"q":"` + canary + strings.Repeat("x", maxBody) + `"}`}, {canary, "/ask", form, ""},
	} {
		send(tt[0], tt[1], tt[2], tt[3])
	}
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "%s\r\n\r\n", canary)
	_, _ = io.Copy(io.Discard, c)
	c.Close()
	http.DefaultClient.CloseIdleConnections()
	got := log.String()
	if !strings.Contains(got, "POST /v1/ask") {
		t.Fatalf("nothing was logged: %s", got)
	}
	for _, private := range []string{canary, "127.0.0.1"} {
		if strings.Contains(got, private) {
			t.Errorf("%s is in the log:\n%s", private, got)
		}
	}
}

type failing struct{ Rater }

// A server that is asked to end finishes what it has in hand, and leaves nothing running.
func TestDrain(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	entered, release := make(chan struct{}), make(chan struct{})
	s := newServer(t, Options{Asker: waiting{entered, release}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Post("http://"+ln.Addr().String()+"/v1/ask", "application/json", strings.NewReader(`{"q":"hello"}`))
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	<-entered
	stop()
	close(release)
	if got := <-answer; !strings.Contains(got, `"disclaimer"`) {
		t.Errorf("the request in hand got %q", got)
	}
	if err := <-done; err != nil {
		t.Errorf("serve: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// waiting is an Asker that tells when it is asked and answers when it may.
type waiting struct{ entered, release chan struct{} }

func (w waiting) Ask(context.Context, string, bot.Message, bot.Conversation) (bot.Reply, bot.Conversation) {
	close(w.entered)
	<-w.release
	return bot.Reply{}, bot.Conversation{}
}
