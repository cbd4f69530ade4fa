package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kapbot/cmd/kapbot/ops"
)

// soon bounds the wait for what should happen at once, so that a fault ends the
// test; it measures nothing.
const soon = 30 * time.Second

// process is a `kapbot serve` in a process of its own.
type process struct {
	t    *testing.T
	dir  string
	ops  string // address of the operator's listener
	cmd  *exec.Cmd
	out  *record
	done chan struct{} // closed when it has ended
}

// record collects what a process writes while a test reads it.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// freeAddress is an address of loopback on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// serve starts `kapbot serve` in dir with a configuration, and waits until it
// is ready.
func serve(t *testing.T, dir, configuration string, environ ...string) *process {
	t.Helper()
	p := launch(t, dir, configuration, environ...)
	p.until("it is ready", func() bool { r, ok := p.health(); return ok && r.Ready })
	return p
}

// launch is serve without the wait.
func launch(t *testing.T, dir, configuration string, environ ...string) *process {
	t.Helper()
	p := &process{t: t, dir: dir, ops: freeAddress(t), out: &record{}, done: make(chan struct{})}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command("kapbot", "serve", "--config", "config.toml")
	p.cmd.Dir = dir
	p.cmd.Env = append(append(os.Environ(), "KAPBOT_OPS_LISTEN="+p.ops), environ...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(func() {
		p.signal(syscall.SIGKILL)
		<-p.done
		if t.Failed() {
			t.Logf("kapbot wrote:\n%s", p.out)
		}
	})
	return p
}

func (p *process) signal(s os.Signal) {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
}

// wait waits for the end and returns the exit status.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(soon):
		p.t.Fatal("kapbot did not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// until waits for something that can only be asked for.
func (p *process) until(what string, ready func() bool) {
	p.t.Helper()
	deadline := time.NewTimer(soon)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-p.done:
			p.t.Fatalf("kapbot ended before %s", what)
		case <-deadline.C:
			p.t.Fatalf("never came to pass: %s", what)
		}
	}
}

// get asks the operator's listener.
func (p *process) get(path string) (string, bool) { return fetch(p.t, "http://"+p.ops+path) }

func (p *process) health() (ops.Report, bool) {
	var r ops.Report
	body, ok := p.get("/healthz")
	return r, ok && json.Unmarshal([]byte(body), &r) == nil
}

// troubled reports whether health names a part with a reason that contains text.
func (p *process) troubled(part, text string) bool {
	r, _ := p.health()
	for _, t := range r.Troubles {
		if t.Part == part && strings.Contains(t.Reason, text) {
			return true
		}
	}
	return false
}

func fetch(t *testing.T, url string) (string, bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(req)
}

func do(req *http.Request) (string, bool) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", false
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return string(b), err == nil && res.StatusCode < 300
}

// askPage asks the web page's API and returns the text of the reply.
func askPage(t *testing.T, addr, question string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"q": question})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/v1/ask", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	got, ok := do(req)
	if !ok {
		t.Fatalf("the page does not answer: %s", got)
	}
	var reply struct{ Text string }
	if err := json.Unmarshal([]byte(got), &reply); err != nil {
		t.Fatal(err)
	}
	return reply.Text
}

// document is a document with one topic, on cost.
func document(cost string) string {
	return fmt.Sprintf("+++\nid = \"clinic\"\ntitle = \"Our clinic\"\nlanguage = \"en\"\n+++\n\n## What does it cost? {#cost}\n\n%s\n", cost)
}
