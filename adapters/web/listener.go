package web

import (
	"net"
	"net/netip"
	"sync"
)

// listener closes a connection at once when too many are open, in all or from
// one address. A slow client costs only a connection, and of those each
// address has few; proxies, which speak for many, are exempt from that part.
type listener struct {
	net.Listener
	max, maxPerAddress int
	proxies            []netip.Prefix

	mu   sync.Mutex
	open int
	by   map[netip.Addr]int
}

func newListener(ln net.Listener, l Limits, proxies []netip.Prefix) *listener {
	return &listener{
		Listener: ln, max: l.Conns, maxPerAddress: l.ConnsPerAddress,
		proxies: proxies, by: map[netip.Addr]int{},
	}
}

// Accept returns the next connection that is within the limits.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := addrOf(c.RemoteAddr().String())
		if !l.take(addr) {
			_ = c.Close()
			continue
		}
		return &countedConn{Conn: c, release: sync.OnceFunc(func() { l.give(addr) })}, nil
	}
}

func (l *listener) take(addr netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.max || !within(l.proxies, addr) && l.by[clientKey(addr)] >= l.maxPerAddress {
		return false
	}
	l.open++
	l.by[clientKey(addr)]++
	return true
}

func (l *listener) give(addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	key := clientKey(addr)
	if l.by[key]--; l.by[key] == 0 {
		delete(l.by, key)
	}
}

type countedConn struct {
	net.Conn
	release func()
}

func (c *countedConn) Close() error {
	c.release()
	return c.Conn.Close()
}
