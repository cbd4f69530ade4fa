package slack

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// link finds half-open connections. slack-go waits for Slack's pings and notices
// a black hole after 30 to 60 s; link sends a ping of its own every pingEvery
// and lets reads fail when nothing came back for silence.
//
// It works one layer below slack-go, which does not show its WebSocket: it wraps
// the connection above TLS and writes empty ping frames between the frames of
// the WebSocket, each of which is one Write.
type link struct {
	pingEvery, silence time.Duration

	mu   sync.Mutex
	conn *watchedConn
}

// dialer returns a dialer whose connections are watched.
func (l *link) dialer() *websocket.Dialer {
	d := &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: 10 * time.Second,
		WriteBufferSize:  32 << 10, // Slack does not put continuation frames together
	}
	plain := &net.Dialer{Timeout: 10 * time.Second}
	watch := func(c net.Conn, err error) (net.Conn, error) {
		if err != nil {
			return nil, err
		}
		return l.watch(c), nil
	}
	d.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return watch(plain.DialContext(ctx, network, addr))
	}
	if !proxied() {
		secure := &tls.Dialer{NetDialer: plain, Config: &tls.Config{NextProtos: []string{"http/1.1"}}}
		d.NetDialTLSContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return watch(secure.DialContext(ctx, network, addr))
		}
	}
	return d
}

// proxied reports whether Slack is reached through a proxy. TLS then begins
// inside the tunnel, where link cannot write pings, and only the silence counts.
func proxied() bool {
	u, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: "wss-primary.slack.com"}})
	return err == nil && u != nil
}

func (l *link) watch(c net.Conn) net.Conn {
	w := &watchedConn{Conn: c, silence: l.silence, done: make(chan struct{})}
	_, secure := c.(*tls.Conn)
	w.canPing = secure || !proxied()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = w
	return w
}

// hello starts the pings: the handshake is over and Slack speaks WebSocket.
func (l *link) hello() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil && l.conn.canPing && !l.conn.started {
		l.conn.started = true
		go l.conn.ping(l.pingEvery)
	}
}

// watchedConn fails a Read that has waited longer than silence.
type watchedConn struct {
	net.Conn
	silence time.Duration
	canPing bool
	started bool // guarded by link.mu
	done    chan struct{}
	once    sync.Once
	write   sync.Mutex
}

func (c *watchedConn) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *watchedConn) Write(p []byte) (int, error) {
	c.write.Lock()
	defer c.write.Unlock()
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *watchedConn) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

// ping writes an empty, masked ping frame (RFC 6455, 5.5.2) at each tick.
func (c *watchedConn) ping(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
			mask := rand.Uint32()
			frame := []byte{0x89, 0x80, byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}
			if _, err := c.Write(frame); err != nil {
				return
			}
		}
	}
}
