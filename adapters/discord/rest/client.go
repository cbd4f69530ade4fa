package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"kapbot/adapters/internal/pause"
)

// DefaultURL is Discord's own API.
const DefaultURL = "https://discord.com/api/v10/"

// Options say whom to ask. Only Token is required.
type Options struct {
	Token string
	URL   string            // the API's base; "" means DefaultURL
	HTTP  http.RoundTripper // default: http.DefaultTransport's settings
	Log   *slog.Logger

	Attempt    time.Duration // for one try; default 10 s
	BackoffMin time.Duration // before the second try; default 250 ms, doubling
	BackoffMax time.Duration // default 5 s
	Tries      int           // of one request that fails on Discord's side; default 6
}

// Client sends requests. It is safe for concurrent use.
type Client struct {
	o       Options
	session *discordgo.Session
	limits  *limits
	retries atomic.Int64
}

// New returns a client.
func New(o Options) (*Client, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if !strings.HasSuffix(o.URL, "/") {
		o.URL += "/"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.HTTP == nil {
		o.HTTP = http.DefaultTransport.(*http.Transport).Clone()
	}
	def(&o.Attempt, 10*time.Second)
	def(&o.BackoffMin, 250*time.Millisecond)
	def(&o.BackoffMax, 5*time.Second)
	def(&o.Tries, 6)
	s, err := discordgo.New("Bot " + o.Token)
	if err != nil {
		return nil, fmt.Errorf("make client: %w", err)
	}
	s.UserAgent = "DiscordBot (kapbot, 1)"
	s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, 0 // we do both
	c := &Client{o: o, session: s, limits: newLimits()}
	s.Client = &http.Client{Transport: &guard{next: o.HTTP, limits: c.limits}, CheckRedirect: noRedirect}
	return c, nil
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// noRedirect keeps the token from being sent elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close lets go of idle connections.
func (c *Client) Close() { c.session.Client.CloseIdleConnections() }

// Request is one request to the API.
type Request struct {
	Method string
	Path   string // without the base: "channels/1/messages"
	Body   any    // JSON; nil for none
	// Repeatable says that sending it twice does what sending it once does.
	// GET, PUT, PATCH and DELETE are taken to be; a POST is not unless it carries an
	// enforced nonce or can be answered only once.
	Repeatable bool
}

// Do sends a request and reads the answer into out, unless it is nil. It waits
// for limits and tries again where that is safe, as long as ctx allows. If a limit
// outlasts ctx it fails at once with a [*LimitedError].
func (c *Client) Do(ctx context.Context, r Request, out any) error {
	body, err := encode(r.Body)
	if err != nil {
		return err
	}
	where := routeOf(r.Method, r.Path)
	repeatable := r.Repeatable || r.Method != http.MethodPost
	wait := c.o.BackoffMin
	for try := 1; ; try++ {
		if try > 1 {
			c.retries.Add(1)
		}
		answer, err := c.once(ctx, r, body, where)
		if err == nil {
			return decode(answer, out)
		}
		var limited *LimitedError
		var failed *Error
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w", where.name, ctx.Err())
		case errors.As(err, &limited) && limited.outlasts(ctx):
			return limited
		case errors.As(err, &limited):
			if err := pause.For(ctx, limited.Wait); err != nil {
				return fmt.Errorf("%s: %w", where.name, err)
			}
			continue
		case errors.As(err, &failed) && !failed.Temporary(), !repeatable, try >= c.o.Tries:
			return err
		}
		if err := pause.For(ctx, wait); err != nil {
			return fmt.Errorf("%s: %w", where.name, err)
		}
		wait = min(2*wait, c.o.BackoffMax)
	}
}

// Retries counts requests that were sent again, for a metric.
func (c *Client) Retries() int64 { return c.retries.Load() }

func encode(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	return raw, nil
}

func decode(answer []byte, out any) error {
	if out == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("decode answer of %d bytes: %w", len(answer), err)
	}
	return nil
}

// once waits for the limits and sends the request one time.
func (c *Client) once(ctx context.Context, r Request, body []byte, where route) ([]byte, error) {
	if err := c.limits.wait(ctx, where); err != nil {
		return nil, err
	}
	attempt, cancel := context.WithTimeout(withRoute(ctx, where), c.o.Attempt)
	defer cancel()
	// A bucket of its own: no waiting without ctx, no queue behind another
	// request, nothing kept.
	bucket := &discordgo.Bucket{Remaining: 1}
	bucket.Lock()
	answer, err := c.session.RequestWithLockedBucket(r.Method, c.o.URL+r.Path, "application/json", body, bucket, 0, discordgo.WithContext(attempt))
	return answer, tidy(err, where)
}
