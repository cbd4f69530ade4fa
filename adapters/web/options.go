package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// Bot is what the page needs of a bot. *bot.Bot is one. It may change what it
// answers from at any time (a reload); Revision tells.
type Bot interface {
	Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
	Words() *bot.Words
	Topics() []bot.Topic
	Conditions() []string
	Revision() string
	Show(id string) (bot.Reply, bool)
	Evidence(condition string) bot.Reply
	Checklist() bot.Reply
	Welcome() bot.Reply
	SlowDown() bot.Reply
	Failure() bot.Reply
	Rated() bot.Reply
	Standing(k bot.Kind, locale string) bot.Reply
}

// Asker answers one message. It adds to a Bot what a service needs: counting, a
// panic that stays with its message. *engine.Engine is one.
type Asker interface {
	Ask(ctx context.Context, adapter string, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
}

// Rater keeps ratings. *engine.Engine is one. The same answer again replaces
// the first rating.
type Rater interface {
	Rate(ctx context.Context, adapter, person, answer string, r engine.Rating) error
}

// adapterName is what this adapter is called where things are counted.
const adapterName = "web"

// Options are the settings of a Server. Only Bot is required.
type Options struct {
	Bot   Bot
	Asker Asker // default: Bot itself
	Rater Rater // default: the page does not ask for ratings

	// Listen is the address of the socket. Default "127.0.0.1:8080".
	Listen string
	// URL is where people reach the page ("https://kap.example.org"), for
	// canonical links. Default: what the browser asked for.
	URL string
	// Origins may embed the page and call the API from a browser
	// ("https://clinic.example.org"). Default: only the page itself.
	Origins []string
	// Proxies are believed when they name the client in X-Forwarded-For.
	Proxies []netip.Prefix
	// Key seals the conversation in the page. Replicas must share it. Default:
	// a random one, so that a restart begins conversations anew.
	Key []byte

	// KeepsUnanswered says that redacted wordings of questions that no document
	// covers are kept. The page says so.
	KeepsUnanswered bool

	TLS    TLS
	Limits Limits
	Times  Times

	// Ready is told the address once the page can be reached.
	Ready func(address string)
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Log hears of requests (route, status, time) and faults. Default: nothing.
	Log *slog.Logger
}

// TLS says where certificates come from: files, or an ACME authority (Let's
// Encrypt) for Hosts with what it issued kept in Cache. The zero value is
// plain HTTP, for loopback or behind a proxy that ends TLS.
type TLS struct {
	Cert, Key string
	Hosts     []string
	Cache     string
}

// Limits say how much is taken. A zero field is its default.
type Limits struct {
	PerAddress      float64 // requests a second from one address in the long run; default 20
	PerAddressBurst int     // and at once; default 240
	Total           float64 // requests a second from all; default 1000
	TotalBurst      int     // and at once; default 2000
	InHand          int     // requests worked on at the same time; default 256
	Addresses       int     // addresses remembered for PerAddress; default 16384
	Conns           int     // open connections; default 4096
	ConnsPerAddress int     // open connections from one address; default 128
}

// Times are the timeouts. A zero field is its default.
type Times struct {
	Header time.Duration // until the headers are read; default 5 s
	Read   time.Duration // until the body is read; default 10 s
	Answer time.Duration // until the reply is made; default 5 s
	Write  time.Duration // until the response is written; default 20 s
	Idle   time.Duration // between two requests of a connection; default 60 s
	Drain  time.Duration // for requests in hand at the end; default 10 s
	Token  time.Duration // how long a conversation may rest; default 1 h
}

// withDefaults fills in what was left out and reports everything that is wrong.
func (o Options) withDefaults() (Options, error) {
	var errs []error
	if o.Bot == nil {
		errs = append(errs, errors.New("web: no bot: set Options.Bot"))
	}
	if o.Asker == nil && o.Bot != nil {
		o.Asker = direct{o.Bot}
	}
	def(&o.Listen, "127.0.0.1:8080")
	if o.URL != "" {
		origin, err := parseOrigin(o.URL)
		if err != nil {
			errs = append(errs, fmt.Errorf("web: url: %w", err))
		}
		o.URL = origin
	}
	origins := make([]string, len(o.Origins))
	for i, text := range o.Origins {
		origin, err := parseOrigin(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("web: origins: %w", err))
		}
		origins[i] = origin
	}
	o.Origins = origins
	errs = append(errs, o.TLS.check()...)
	if len(o.Key) == 0 {
		o.Key = []byte(rand.Text())
	} else if len(o.Key) < 16 {
		errs = append(errs, fmt.Errorf("web: key has %d bytes: use at least 16, for example from `openssl rand -hex 32`", len(o.Key)))
	}
	o.Limits = o.Limits.withDefaults()
	o.Times = o.Times.withDefaults()
	if o.Ready == nil {
		o.Ready = func(string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, errors.Join(errs...)
}

func (l Limits) withDefaults() Limits {
	def(&l.PerAddress, 20)
	def(&l.PerAddressBurst, 240)
	def(&l.Total, 1000)
	def(&l.TotalBurst, 2000)
	def(&l.InHand, 256)
	def(&l.Addresses, 1<<14)
	def(&l.Conns, 4096)
	def(&l.ConnsPerAddress, 128)
	return l
}

func (t Times) withDefaults() Times {
	def(&t.Header, 5*time.Second)
	def(&t.Read, 10*time.Second)
	def(&t.Answer, 5*time.Second)
	def(&t.Write, 20*time.Second)
	def(&t.Idle, time.Minute)
	def(&t.Drain, 10*time.Second)
	def(&t.Token, time.Hour)
	return t
}

func (t TLS) check() []error {
	var errs []error
	if (t.Cert == "") != (t.Key == "") {
		errs = append(errs, errors.New("web: tls: cert and key go together: set both files"))
	}
	if t.Cert != "" && len(t.Hosts) > 0 {
		errs = append(errs, errors.New("web: tls: set either cert and key or acme hosts, not both"))
	}
	if len(t.Hosts) > 0 && t.Cache == "" {
		errs = append(errs, errors.New("web: tls: acme needs a cache directory, or each restart asks for a new certificate"))
	}
	return errs
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// parseOrigin reads "https://host" or "https://host:port" and returns it in the
// form in which a browser sends it.
func parseOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is not an address", text)
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("%q: write the whole origin, like https://clinic.example.org", text)
	case u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%q: write only scheme and host, like https://clinic.example.org", text)
	case strings.ContainsAny(u.Host, "*;, '\""):
		return "", fmt.Errorf("%q: wildcards are not supported: list each site", text)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// direct asks the bot without a service around it.
type direct struct{ bot Bot }

func (d direct) Ask(ctx context.Context, _ string, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	return d.bot.Reply(ctx, m, c)
}
