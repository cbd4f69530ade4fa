package slackfake

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Ack is an app's acknowledgement of one envelope.
type Ack struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
	Bytes      int             `json:"-"`
}

// maxAck is the size from which Slack silently drops a response.
const maxAck = 20 * 1024

// Socket is one open Socket Mode connection.
type Socket struct {
	conn  *websocket.Conn
	write sync.Mutex
	gone  chan struct{}
	once  sync.Once
	hole  chan struct{} // closed when the link went dark

	mu   sync.Mutex
	dark bool
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &Socket{conn: conn, gone: make(chan struct{}), hole: make(chan struct{})}
	conn.SetPingHandler(c.pong)
	script := s.playing()
	if !script.NoHello {
		_ = c.Send(`{"type":"hello","num_connections":1,"connection_info":{"app_id":"` + AppID + `"},"debug_info":{"host":"fake","build_number":1,"approximate_connection_time":18060}}`)
	}
	if script.Drop {
		s.countDrop()
		_ = conn.Close()
		return
	}
	s.add(c)
	defer s.remove(c)
	if !script.NoPing {
		go c.pings(s.opts.PingEvery)
	}
	if script.BlackHole {
		c.GoDark()
	}
	c.read(s)
}

func (s *Server) countDrop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Accepted++
}

func (s *Server) add(c *Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = append(s.sockets, c)
	s.stats.Accepted++
	s.note()
}

func (s *Server) remove(c *Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.sockets {
		if o == c {
			s.sockets = append(s.sockets[:i], s.sockets[i+1:]...)
			break
		}
	}
	s.note()
}

// Sockets returns the open connections, oldest first.
func (s *Server) Sockets() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Socket(nil), s.sockets...)
}

// Opens is how often apps.connections.open succeeded.
func (s *Server) Opens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opens
}

func (c *Socket) read(s *Server) {
	defer c.end()
	for {
		_, data, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		if c.isDark() {
			continue
		}
		var a Ack
		if json.Unmarshal(data, &a) == nil && a.EnvelopeID != "" {
			a.Bytes = len(data)
			s.acknowledge(a)
		}
	}
}

func (c *Socket) pings(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-c.gone:
			return
		case <-c.hole:
			return
		case <-tick.C:
			c.write.Lock()
			_ = c.conn.WriteControl(websocket.PingMessage, []byte("Ping from fake"), time.Now().Add(time.Second))
			c.write.Unlock()
		}
	}
}

func (c *Socket) pong(data string) error {
	if c.isDark() {
		return nil
	}
	return c.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
}

func (c *Socket) end() {
	c.once.Do(func() { close(c.gone); _ = c.conn.Close() })
}

// Send writes one text frame as it is, valid or not.
func (c *Socket) Send(frame string) error {
	if c.isDark() {
		return nil
	}
	c.write.Lock()
	defer c.write.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.conn.WriteMessage(websocket.TextMessage, []byte(frame))
}

// Reset ends the connection with a TCP RST.
func (c *Socket) Reset() {
	if tcp, ok := c.conn.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.end()
}

// CloseWith sends a close frame with the code and ends the connection.
func (c *Socket) CloseWith(code int) {
	c.write.Lock()
	_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	c.write.Unlock()
	c.end()
}

// Disconnect asks the app to reconnect: "warning", "refresh_requested",
// "link_disabled" or "too_many_websockets". The app closes the connection.
func (c *Socket) Disconnect(reason string) {
	_ = c.Send(`{"type":"disconnect","reason":"` + reason + `","debug_info":{"host":"fake"}}`)
}

// GoDark makes the connection a black hole: what comes is ignored, nothing is
// written, and the app is not told.
func (c *Socket) GoDark() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.dark {
		c.dark = true
		close(c.hole)
	}
}

func (c *Socket) isDark() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dark
}

// Gone reports whether the connection has ended.
func (c *Socket) Gone() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}
