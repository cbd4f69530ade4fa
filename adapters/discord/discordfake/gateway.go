package discordfake

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// Frame is a gateway payload.
type Frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int64 `json:"s"`
	Type any    `json:"t"`
}

// Frames that Discord sends out of turn.
var (
	Reconnect     = Frame{Op: opReconnect}
	InvalidResume = Frame{Op: opInvalidSession, Data: true}  // the session can be resumed
	InvalidGone   = Frame{Op: opInvalidSession, Data: false} // it cannot
	Beat          = Frame{Op: opHeartbeat}
	Ack           = Frame{Op: opHeartbeatAck}
)

// Script is what the next connection meets. Each connection takes one script;
// without one all goes well.
type Script struct {
	NoHello bool          // accepts and says nothing
	NoReady bool          // HELLO, then silence to IDENTIFY or RESUME
	Close   int           // closes with this code in answer to IDENTIFY or RESUME
	Before  []Frame       // sent before READY or RESUMED
	Instead []Frame       // sent in place of READY or RESUMED
	Drop    bool          // resets the connection after HELLO
	NoAck   bool          // never acknowledges a heartbeat
	Delay   time.Duration // waits before READY or RESUMED
	Raw     []string      // frames as text, sent before READY: need not be JSON
}

// Script queues what the next connections meet, one each.
func (s *Server) Script(scripts ...Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, scripts...)
}

// Refuse turns new gateway connections away with a 503, or lets them in again.
func (s *Server) Refuse(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = yes
}

// Socket is one gateway connection.
type Socket struct {
	s      *Server
	script Script
	conn   *websocket.Conn
	write  sync.Mutex
	Path   string // "/gateway" or "/resume"
	Opened time.Time

	// under Server.mu
	session *session
	frozen  bool
	beats   int
	got     []int // opcodes received
	closed  bool
	code    int // close code from the client; 0 when none came
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveGateway runs one connection to its end.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refused := s.refused
	var script Script
	if !refused && len(s.scripts) > 0 {
		script, s.scripts = s.scripts[0], s.scripts[1:]
	}
	s.mu.Unlock()
	if refused {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	sock := &Socket{s: s, script: script, conn: conn, Path: strings.TrimSuffix(r.URL.Path, "/"), Opened: time.Now()}
	conn.SetCloseHandler(func(code int, text string) error {
		s.mu.Lock()
		sock.code = code
		s.mu.Unlock()
		return nil
	})
	s.mu.Lock()
	s.sockets[sock] = true
	s.touch()
	s.mu.Unlock()
	if !script.NoHello {
		sock.Send(Frame{Op: opHello, Data: map[string]any{"heartbeat_interval": s.cfg.Heartbeat.Milliseconds(), "_trace": []string{}}})
	}
	if script.Drop {
		sock.Reset()
	}
	sock.read()
	sock.gone()
}

// read answers what the client sends.
func (k *Socket) read() {
	for {
		var in struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := k.conn.ReadJSON(&in); err != nil {
			return
		}
		k.s.mu.Lock()
		k.got = append(k.got, in.Op)
		frozen := k.frozen
		if in.Op == opHeartbeat {
			k.beats++
		}
		k.s.touch()
		k.s.mu.Unlock()
		switch {
		case k.script.NoHello:
		case in.Op == opHeartbeat && !frozen && !k.script.NoAck:
			k.Send(Ack)
		case in.Op == opIdentify, in.Op == opResume:
			k.open(in.Op, in.Data)
		}
	}
}

// open answers IDENTIFY or RESUME, by the script first.
func (k *Socket) open(op int, data json.RawMessage) {
	for _, raw := range k.script.Raw {
		k.SendRaw(raw)
	}
	for _, f := range k.script.Before {
		k.Send(f)
	}
	if k.script.Delay > 0 {
		time.Sleep(k.script.Delay)
	}
	switch {
	case k.script.NoReady:
		return
	case k.script.Close != 0:
		k.Close(k.script.Close)
		return
	case len(k.script.Instead) > 0:
		for _, f := range k.script.Instead {
			k.Send(f)
		}
		return
	}
	if op == opIdentify {
		k.s.identified(k, data)
	} else {
		k.s.resumed(k, data)
	}
}

// gone tidies up after a connection. A session outlives its connection
// unless the client closed it with 1000 or 1001.
func (k *Socket) gone() {
	k.conn.Close()
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.closed = true
	delete(k.s.sockets, k)
	if k.session != nil && k.session.socket == k {
		k.session.socket = nil
		k.session.lostAt = time.Now()
		if k.code == websocket.CloseNormalClosure || k.code == websocket.CloseGoingAway {
			k.session.dead = true
		}
	}
	k.s.touch()
}

// Send writes a frame.
func (k *Socket) Send(f Frame) {
	k.write.Lock()
	defer k.write.Unlock()
	k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	k.conn.WriteJSON(f)
}

// SendRaw writes text as it is.
func (k *Socket) SendRaw(text string) {
	k.write.Lock()
	defer k.write.Unlock()
	k.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// Close closes from Discord's side with a code.
func (k *Socket) Close(code int) {
	k.write.Lock()
	k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	k.write.Unlock()
	k.conn.Close()
}

// Reset kills the connection as a lost network does: no close frame.
func (k *Socket) Reset() {
	if tcp, ok := k.conn.NetConn().(interface{ SetLinger(int) error }); ok {
		tcp.SetLinger(0)
	}
	k.conn.Close()
}

// Freeze makes a zombie: the connection stays, nothing comes any more, not
// even an acknowledgement.
func (k *Socket) Freeze() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.frozen = true
}

// Ops lists the opcodes that the client sent on this connection.
func (k *Socket) Ops() []int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return append([]int(nil), k.got...)
}

// ClientCode is the close code that the client sent; 0 when it sent none.
func (k *Socket) ClientCode() int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.code
}

// Closed says whether the connection is over.
func (k *Socket) Closed() bool {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.closed
}

// Shard is the shard that this connection carries, -1 before READY.
func (k *Socket) Shard() int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	if k.session == nil {
		return -1
	}
	return k.session.shard
}

// Sockets lists the open connections, in no order.
func (s *Server) Sockets() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Socket
	for k := range s.sockets {
		out = append(out, k)
	}
	return out
}
