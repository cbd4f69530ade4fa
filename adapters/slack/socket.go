package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// socket keeps one Socket Mode connection open. It is the one place where
// slack-go's socketmode is used, and the guard around its faults:
//
//   - The loop that reads its events never waits for anything. A consumer that
//     waits for an acknowledgement to be queued deadlocks with the sender of
//     acknowledgements, which waits for the consumer: for good.
//   - A client lives for one connection. What comes after, and when, is decided
//     here, with a pace; slack-go's own reconnecting has none.
//   - Half-open connections are found by link, in seconds.
//   - A message that slack-go cannot parse never reaches its caller as a
//     request. Its envelope is read here, leniently, and acknowledged.
type socket struct {
	options Options
	accept  func(envelope)
	counts  *counters
	live    *atomic.Int32 // connections on which Slack has said hello
}

// errOneConnection stops slack-go from reconnecting by itself.
var errOneConnection = errors.New("slack: the client is for one connection")

// run connects until ctx ends or Slack refuses the token for good.
func (s *socket) run(ctx context.Context) error {
	o := s.options
	p := pace{first: o.ReconnectFirst, longest: o.ReconnectLongest, steady: o.ReconnectSteady}
	for {
		held, err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if reason := fatal(err); reason != "" {
			return &TokenError{Reason: reason}
		}
		var limited *slack.RateLimitedError
		var asked time.Duration
		if errors.As(err, &limited) {
			asked = limited.RetryAfter
		}
		wait := p.next(held, asked)
		s.counts.reconnects.Add(1)
		o.Log.Info("slack socket closed", "held", held.Round(time.Millisecond), "wait", wait.Round(time.Millisecond), "cause", cause(err))
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// TokenError says that Slack will not open a socket with the app-level token.
type TokenError struct{ Reason string }

func (e *TokenError) Error() string {
	return "slack: app_token refused (" + e.Reason + "): make an app-level token with the scope connections:write under Basic Information"
}

// Refused is true: trying again with the same token cannot help.
func (e *TokenError) Refused() bool { return true }

// fatal returns Slack's reason if trying again cannot help, or "".
func fatal(err error) string {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return ""
	}
	switch refused.Err {
	case "invalid_auth", "account_inactive", "not_authed", "token_revoked", "not_allowed_token_type", "missing_scope":
		return refused.Err
	}
	return ""
}

// cause is an error as a log may show it: Slack's word or the sort of failure,
// never a URL, because a socket's URL is a secret.
func cause(err error) string {
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	var limited *slack.RateLimitedError
	switch {
	case err == nil:
		return "closed"
	case errors.As(err, &refused):
		return refused.Err
	case errors.As(err, &status):
		return status.Status
	case errors.As(err, &limited):
		return "ratelimited"
	case errors.Is(err, errOneConnection):
		return "closed"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	default:
		return "network"
	}
}

// connect opens one connection, reads it until it ends and says how long it held
// after Slack's hello.
func (s *socket) connect(ctx context.Context) (held time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := s.newConnection()
	done := make(chan error, 1)
	go func() { done <- c.client.RunContext(ctx) }()
	acked := make(chan struct{})
	go func() { defer close(acked); c.sendAcks(ctx) }()
	var hello time.Time
	defer func() {
		if !hello.IsZero() {
			held = time.Since(hello)
			s.live.Add(-1)
		}
		cancel()
		<-acked
	}()
	for {
		select {
		case event := <-c.client.Events:
			if event.Request != nil && hello.IsZero() { // Slack's hello, or anything else that it says
				hello = time.Now()
				s.live.Add(1)
				c.link.hello()
			}
			if failed, ok := event.Data.(*slack.ConnectionErrorEvent); ok {
				if err == nil {
					err = failed.ErrorObj
				}
				cancel()
			}
			s.handle(c, event)
		case ended := <-done:
			if err == nil || fatal(ended) != "" {
				err = ended
			}
			return held, err
		}
	}
}

// handle hands one event over and returns at once.
func (s *socket) handle(c *connection, event socketmode.Event) {
	switch event.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		s.hand(c, event.Request.Type, event.Request.EnvelopeID, event.Request.Payload)
	case socketmode.EventTypeErrorBadMessage:
		s.counts.badMessages.Add(1)
		bad, ok := event.Data.(*socketmode.ErrorBadMessage)
		if !ok {
			return
		}
		var e struct {
			Type       string          `json:"type"`
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(bad.Message, &e) == nil && e.EnvelopeID != "" {
			s.hand(c, e.Type, e.EnvelopeID, e.Payload)
		}
	case socketmode.EventTypeIncomingError:
		s.counts.badFrames.Add(1)
	case socketmode.EventTypeErrorWriteFailed:
		s.counts.acksLost.Add(1)
	}
}

func (s *socket) hand(c *connection, kind, id string, payload json.RawMessage) {
	t := newTicket(s.options.AckPatience, func(ok bool, payload any) {
		if !ok {
			s.counts.refused.Add(1)
			return
		}
		if !c.queueAck(socketmode.Response{EnvelopeID: id, Payload: payload}) {
			s.counts.acksLost.Add(1)
		}
	})
	s.accept(envelope{kind: kind, payload: payload, ticket: t})
}

// connection is one slack-go client with the queue of its acknowledgements.
type connection struct {
	client *socketmode.Client
	link   *link
	acks   chan socketmode.Response
}

// pendingAcks bounds the acknowledgements that wait for the wire. One that does not
// fit is dropped: Slack sends the event again and the engine knows it.
const pendingAcks = 4096

func (s *socket) newConnection() *connection {
	o := s.options
	l := &link{pingEvery: o.PingEvery, silence: o.Silence}
	api := slack.New("",
		slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(o.APIURL),
		slack.OptionHTTPClient(&oneOpen{client: o.httpClient()}), slack.OptionLog(silent))
	client := socketmode.New(api,
		socketmode.OptionDialer(l.dialer()), socketmode.OptionReadLimit(maxFrame),
		socketmode.OptionPingInterval(24*time.Hour), // link watches instead
		socketmode.OptionLog(silent))
	return &connection{client: client, link: l, acks: make(chan socketmode.Response, pendingAcks)}
}

// maxFrame is the largest message that a socket takes, in bytes.
const maxFrame = 1 << 20

var silent = log.New(io.Discard, "", 0)

func (c *connection) queueAck(r socketmode.Response) bool {
	select {
	case c.acks <- r:
		return true
	default:
		return false
	}
}

// sendAcks passes acknowledgements to slack-go, which may make it wait.
func (c *connection) sendAcks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-c.acks:
			send, cancel := context.WithTimeout(ctx, 2*time.Second)
			_ = c.client.SendCtx(send, r) // an ack that is lost brings the event again
			cancel()
		}
	}
}

// oneOpen lets one apps.connections.open pass and refuses the next.
type oneOpen struct {
	client *http.Client
	used   atomic.Bool
}

func (o *oneOpen) Do(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "apps.connections.open") && o.used.Swap(true) {
		return nil, errOneConnection
	}
	return o.client.Do(r)
}
