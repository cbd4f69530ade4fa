// Package discordfake is a scripted Discord for tests: REST v10, the gateway and
// signed HTTP interactions, on loopback.
//
// [Start] gives a [Server]; its [Server.APIURL] goes where Discord's base address
// would. Tests act as people ([Server.Say], [Server.Command], [Server.Press]),
// break things ([Server.Fail] for REST, [Server.Script] and [Server.Sockets] for
// the gateway) and look at what came ([Server.Requests], [Server.Await]).
//
// It keeps to what Discord documents: a session is replayed after RESUME and
// thrown away after close 1000 or 1001, an IDENTIFY too many is refused, messages over the limits
// get a 400 with code 50035, a nonce posted twice with enforce_nonce makes one
// message, an interaction can be answered once and within three seconds. A bot
// sees its own messages, as it does on Discord.
package discordfake

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Epoch is the first millisecond of Discord's snowflakes: 2015-01-01 UTC.
const Epoch = 1420070400000

// Config says what kind of Discord this is. The zero value has one shard and
// an application with every intent allowed.
type Config struct {
	// Shards is the count that GET /gateway/bot recommends; 0 means 1.
	Shards int
	// MaxConcurrency is how many IDENTIFYs are allowed per IdentifyWindow; 0 means 1.
	MaxConcurrency int
	// IdentifyWindow stands for Discord's 5 s; 0 leaves the pace unchecked.
	IdentifyWindow time.Duration
	// Heartbeat is the interval in HELLO; 0 means Discord's 41.25 s.
	Heartbeat time.Duration
	// ReplayWindow is how long a lost session may be resumed; 0 means 5 minutes.
	ReplayWindow time.Duration
	// InteractionWindow is the time for the first response; 0 means Discord's 3 s.
	InteractionWindow time.Duration
	// DisallowedIntents are refused with close code 4014.
	DisallowedIntents int
	// NoMessageContent empties the content of messages that Discord would
	// empty without the message content intent.
	NoMessageContent bool
	// NoNonces forgets nonces at once, as Discord does after some minutes.
	NoNonces bool
	// Starts is the number of IDENTIFYs left today; 0 means 1000, below 0 none.
	Starts int
	// Token is the bot's token; empty means "fake-token".
	Token string
}

// Server is a Discord on loopback. Its methods may be called from any goroutine.
type Server struct {
	cfg  Config
	ln   net.Listener
	http *http.Server

	mu       sync.Mutex
	changed  chan struct{} // closed and made anew at every change
	ids      int64
	requests []*Request
	faults   []*Fault
	scripts  []Script
	sockets  map[*Socket]bool
	sessions []*session
	arrivals []Arrival
	starts   int
	identify map[int]time.Time // bucket of max_concurrency → last IDENTIFY
	refused  bool
	tooFast  int

	bot          User
	commands     map[string][]byte // "" global, else guild id → body
	guilds       map[string]*Guild
	channels     map[string]*Channel
	messages     map[string][]*Message // channel id → oldest first
	nonces       map[string]*Message   // channel id + nonce → the message
	dms          map[string]string     // user id → channel id
	interactions map[string]*Interaction
}

// Start opens the server on a free port of 127.0.0.1.
func Start(cfg Config) (*Server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	cfg.fill()
	s := &Server{
		cfg: cfg, ln: ln, changed: make(chan struct{}), starts: cfg.Starts,
		sockets: map[*Socket]bool{}, identify: map[int]time.Time{},
		commands: map[string][]byte{}, guilds: map[string]*Guild{}, channels: map[string]*Channel{},
		messages: map[string][]*Message{}, nonces: map[string]*Message{}, dms: map[string]string{},
		interactions: map[string]*Interaction{},
	}
	s.bot = User{ID: s.newID(), Username: "kapbot", Bot: true, Discriminator: "0000"}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go s.http.Serve(ln)
	return s, nil
}

func (c *Config) fill() {
	if c.Shards == 0 {
		c.Shards = 1
	}
	if c.MaxConcurrency == 0 {
		c.MaxConcurrency = 1
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = 41250 * time.Millisecond
	}
	if c.ReplayWindow == 0 {
		c.ReplayWindow = 5 * time.Minute
	}
	if c.InteractionWindow == 0 {
		c.InteractionWindow = 3 * time.Second
	}
	if c.Starts == 0 {
		c.Starts = 1000
	}
	if c.Token == "" {
		c.Token = "fake-token"
	}
}

// Close ends every socket and request.
func (s *Server) Close() {
	for _, sock := range s.Sockets() {
		sock.Reset()
	}
	s.http.Close()
}

// APIURL is the base of the REST API, with a slash at its end.
func (s *Server) APIURL() string { return "http://" + s.ln.Addr().String() + "/api/v10/" }

// GatewayURL is what GET /gateway/bot returns.
func (s *Server) GatewayURL() string { return "ws://" + s.ln.Addr().String() + "/gateway" }

// ResumeURL is the resume_gateway_url of READY; RESUME is to be sent there.
func (s *Server) ResumeURL() string { return "ws://" + s.ln.Addr().String() + "/resume" }

// Token is the bot's token.
func (s *Server) Token() string { return s.cfg.Token }

// Bot is the bot's own user; its id is the application's id too.
func (s *Server) Bot() User { return s.bot }

// newID makes a snowflake of this moment. s.mu is held, or s not yet shared.
func (s *Server) newID() string { return s.idAt(time.Now()) }

func (s *Server) idAt(t time.Time) string {
	s.ids++
	return strconv.FormatInt((t.UnixMilli()-Epoch)<<22|s.ids&0x3fffff, 10)
}

// touch wakes everyone in Await. s.mu is held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Await returns when ok, called after every change, says true, or with the
// context's error.
func (s *Server) Await(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("discordfake: nothing more came: %w", ctx.Err())
		}
	}
}
