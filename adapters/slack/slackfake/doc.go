// Package slackfake is a scripted Slack for tests: its Web API, Socket Mode
// and HTTP deliveries on one loopback listener.
//
// It keeps what a workspace keeps (messages with their metadata, views,
// ephemeral notices), refuses what Slack refuses (blocks that are too long,
// text that is missing) and sends an event again when nobody acknowledges it,
// on Slack's own schedule or on a shorter one.
//
// Faults are scripted: [Server.Fail] for one Web API method, [Script] for the
// sockets. Every request body is recorded; [Server.Calls] returns them.
//
//	fake := slackfake.New(slackfake.Options{})
//	defer fake.Close()
//	// point the adapter at fake.APIURL(), then:
//	fake.Deliver(slackfake.Mention("C1", "U1", "what is KAP?"))
//	fake.Messages("C1")
//
// The fake itself is checked by Slack's own @slack/bolt, which makes the same
// round trip (testdata/npm beside the adapter).
package slackfake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options scale the fake. The zero value has Slack's own figures.
type Options struct {
	// AckWithin is how long a delivery waits for its acknowledgement (3 s).
	AckWithin time.Duration
	// Retries are the waits before each further attempt (0, 1 min, 5 min).
	Retries []time.Duration
	// PingEvery is the interval of WebSocket pings to the app (10 s).
	PingEvery time.Duration
	// SigningSecret signs HTTP deliveries.
	SigningSecret string
	// Grants are the scopes that the bot token reports in x-oauth-scopes; nil reports none.
	Grants []string
}

func (o Options) withDefaults() Options {
	if o.AckWithin == 0 {
		o.AckWithin = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.PingEvery == 0 {
		o.PingEvery = 10 * time.Second
	}
	return o
}

// Identities that the fake answers with.
const (
	TeamID    = "T0FAKE"
	AppID     = "A0FAKE"
	BotID     = "B0FAKE"
	BotUserID = "U0BOT"
)

// Server is one fake Slack with any number of workspaces.
type Server struct {
	opts Options
	http *httptest.Server
	seq  atomic.Int64
	stop chan struct{}
	wg   sync.WaitGroup

	mu        sync.Mutex
	script    Script
	faults    map[string][]Fault
	calls     []Call
	changed   chan struct{}
	messages  map[string][]*Message
	ephemeral []Message
	responses []Call
	views     map[string]View
	lastView  string
	sockets   []*Socket
	next      int
	waiting   map[string]chan Ack
	opens     int
	stats     Stats
	teams     map[string]string // token -> team id
	scopes    []string

	tokenLives int    // seconds, 0 for ever
	org        string // enterprise id of organisation-wide installs
}

// New starts a fake Slack on a loopback port.
func New(opts Options) *Server {
	s := &Server{
		opts: opts.withDefaults(), stop: make(chan struct{}), changed: make(chan struct{}),
		faults: map[string][]Fault{}, messages: map[string][]*Message{},
		views: map[string]View{}, waiting: map[string]chan Ack{}, teams: map[string]string{},
		scopes: opts.Grants,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/link", s.serveSocket)
	mux.HandleFunc("/response/", s.serveResponseURL)
	s.http = httptest.NewUnstartedServer(mux)
	s.http.Start()
	return s
}

// Close ends every socket and waits for the deliveries under way.
func (s *Server) Close() {
	close(s.stop)
	for _, c := range s.Sockets() {
		c.Reset()
	}
	s.wg.Wait()
	s.http.CloseClientConnections()
	s.http.Close()
}

// APIURL is what the adapter takes as `api_url`; it ends with a slash.
func (s *Server) APIURL() string { return s.http.URL + "/api/" }

// Workspace makes a token belong to a team other than [TeamID].
func (s *Server) Workspace(token, teamID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.teams[token] = teamID
}

func (s *Server) socketURL() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + "/link"
}

// id returns a fresh identifier with a Slack-like prefix.
func (s *Server) id(prefix string) string {
	return fmt.Sprintf("%s%08d", prefix, s.seq.Add(1))
}

// stamp returns a fresh message timestamp, increasing like Slack's.
func (s *Server) stamp() string {
	return fmt.Sprintf("1700000000.%06d", s.seq.Add(1))
}

// note wakes everyone in [Server.Wait]; the caller holds s.mu.
func (s *Server) note() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Wait blocks until ready reports true or the limit passes, and says which.
// ready is asked again whenever something happened on the server.
func (s *Server) Wait(limit time.Duration, ready func() bool) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ready() {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return ready()
		}
	}
}
