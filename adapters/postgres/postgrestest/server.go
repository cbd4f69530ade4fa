// Package postgrestest starts a real PostgreSQL server for a test.
package postgrestest

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

const install = "no PostgreSQL on this machine: apt-get install postgresql"

// Server is a PostgreSQL server of the test's own, in a temporary folder and on a
// Unix socket. It stops when the test ends.
type Server struct {
	dir      string // of the socket
	postgres string // the program
	data     string
	n        atomic.Int64

	cmd   *exec.Cmd
	ended chan struct{} // closed when cmd has ended
}

// Start runs a server until t ends. Where PostgreSQL is not installed it skips t, or fails
// it if CI=true.
func Start(t testing.TB) *Server {
	t.Helper()
	initdb, err := find("initdb")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(install)
		}
		t.Skip(install)
	}
	dir := shortTempDir(t)
	s := &Server{dir: dir, data: filepath.Join(dir, "data"), postgres: filepath.Join(filepath.Dir(initdb), "postgres")}
	out, err := command(initdb, "-D", s.data, "-U", "kapbot", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.Run(t)
	t.Cleanup(s.Stop)
	return s
}

// Run starts the server again after Stop, and waits until it takes connections.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	s.cmd = command(s.postgres, "-D", s.data, "-k", s.dir, "-c", "listen_addresses=",
		"-c", "fsync=off") // which matters only when the power fails
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	started, ready, ended := make(chan error, 1), make(chan struct{}), make(chan struct{})
	s.ended = ended
	go func() {
		defer close(ended)
		runtime.LockOSThread() // the server is told when the thread that started it ends
		err := s.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		var once sync.Once
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if strings.Contains(lines.Text(), "ready to accept connections") {
				once.Do(func() { close(ready) })
			}
		}
		_ = s.cmd.Wait()
	}()
	if err := <-started; err != nil {
		t.Fatalf("start postgres: %v", err)
	}
	select {
	case <-ready:
	case <-ended:
		t.Fatal("postgres ended before it was ready")
	}
}

// Stop ends the server and all connections to it at once, as a lost database would.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGINT) // PostgreSQL's "fast" shutdown
	<-s.ended
}

// Database makes a new, empty database and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("kapbot_test_%d", s.n.Add(1))
	ctx := context.Background()
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.url(name)
}

func (s *Server) url(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.dir}, "user": {"kapbot"}}.Encode()
}

// shortTempDir is a folder whose path leaves room for a socket's name (107 bytes).
func shortTempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kapbot-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if uid, gid, ok := other(); ok {
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// find looks for a program of PostgreSQL where distributions put it.
func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/pgsql/bin"} {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		for _, dir := range dirs {
			if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return path, nil
			}
		}
	}
	return "", exec.ErrNotFound
}
