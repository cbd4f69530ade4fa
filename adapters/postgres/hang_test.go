package postgres_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kapbot/adapters/postgres/postgrestest"
	"kapbot/bot/engine/enginetest"
)

// TestHangingDatabase has a database that takes connections and says nothing, as behind a
// network that drops packets.
func TestHangingDatabase(t *testing.T) {
	p, address := newProxy(t, postgrestest.Start(t).Database(t))
	enginetest.TestOutage(t, open(t, address), p.hang, p.resume)
}

// proxy stands between a store and its database, and can stop passing on.
type proxy struct {
	listener net.Listener
	target   string
	work     sync.WaitGroup

	mu      sync.Mutex
	passing *sync.Cond
	hung    bool
	closed  bool
	conns   []net.Conn
}

// newProxy returns a proxy for the database at a URL, and the URL that leads through it.
func newProxy(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "kapbot-") // short: a socket's name has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	const name = ".s.PGSQL.5432"
	q := u.Query()
	p := &proxy{target: filepath.Join(q.Get("host"), name)}
	p.passing = sync.NewCond(&p.mu)
	p.listener, err = new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return p, u.String()
}

func (p *proxy) accept() {
	for {
		front, err := p.listener.Accept()
		if err != nil {
			return
		}
		back, err := new(net.Dialer).DialContext(context.Background(), "unix", p.target)
		if err != nil {
			front.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, front, back)
		p.mu.Unlock()
		p.work.Go(func() { p.pass(back, front) })
		p.work.Go(func() { p.pass(front, back) })
	}
}

func (p *proxy) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		for p.hung && !p.closed {
			p.passing.Wait()
		}
		p.mu.Unlock()
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

func (p *proxy) hang() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hung = true
}

func (p *proxy) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hung = false
	p.passing.Broadcast()
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	p.closed = true
	p.passing.Broadcast()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.work.Wait()
}
