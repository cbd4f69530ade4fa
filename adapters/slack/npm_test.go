package slack_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/slack/slackfake"
)

// npmDir holds the programs from npm that check this package.
var npmDir = filepath.Join("testdata", "npm")

// needNode skips the test if Node.js or the packages are missing; in CI they may not be.
func needNode(t *testing.T) {
	t.Helper()
	const way = "install Node.js 20 or later, then: npm ci --ignore-scripts --prefix adapters/slack/testdata/npm"
	_, errNode := exec.LookPath("node")
	_, errPackages := os.Stat(filepath.Join(npmDir, "node_modules", "@slack", "bolt"))
	if errNode == nil && errPackages == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("Slack's own packages are missing: %s", way)
	}
	t.Skip(way)
}

// Every golden payload fits Slack's own types, by tsc.
func TestGoldenFitsSlacksTypes(t *testing.T) {
	needNode(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "check-types.mjs", filepath.Join("..", "golden"))
	cmd.Dir = npmDir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// bolt runs an app of Slack's own framework against the fake.
func bolt(t *testing.T, fake *slackfake.Server, arg string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "bolt.mjs", arg)
	cmd.Dir = npmDir
	cmd.Env = append(os.Environ(), append(env, "SLACK_API_URL="+fake.APIURL())...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log safeBuffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
		for line := range strings.Lines(log.String()) {
			if !strings.Contains(line, "WebSocket error") { // what it says of a reset
				t.Errorf("bolt says: %s", line)
			}
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("bolt did not start: %q %v\n%s", line, err, log.String())
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
}

// The fake is checked by Slack's own @slack/bolt: the same round trip over sockets
// and over HTTP, and a reset in between.
func TestFakeSpeaksBolt(t *testing.T) {
	needNode(t)
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			o := quick()
			o.PingEvery = time.Second // bolt ends a socket on which Slack does not ping
			fake := slackfake.New(o)
			t.Cleanup(fake.Close)
			deliver := fake.Deliver
			if way == "http" {
				port := freePort(t)
				bolt(t, fake, way, "PORT="+strconv.Itoa(port), "SIGNING_SECRET="+o.SigningSecret)
				url := "http://127.0.0.1:" + strconv.Itoa(port) + "/slack/events"
				deliver = func(e slackfake.Envelope) <-chan slackfake.Ack { return posted(fake, url, e) }
			} else {
				bolt(t, fake, way)
				until(t, fake, "a socket", func() bool { return len(fake.Sockets()) == 1 })
			}
			roundTrip(t, fake, deliver)
			if way == "socket" {
				fake.Sockets()[0].Reset()
				until(t, fake, "bolt is back", func() bool { return fake.Opens() == 2 && len(fake.Sockets()) == 1 })
				fake.Sockets()[0].Disconnect("refresh_requested")
				until(t, fake, "bolt is back", func() bool { return fake.Opens() == 3 && len(fake.Sockets()) == 1 })
				acked(t, deliver(slackfake.Mention("C9", "U1", "again")))
				until(t, fake, "an answer", func() bool { return len(fake.Messages("C9")) == 1 })
			}
		})
	}
}

// posted delivers by HTTP and turns the answer's body into an acknowledgement.
func posted(fake *slackfake.Server, url string, e slackfake.Envelope) <-chan slackfake.Ack {
	out := make(chan slackfake.Ack, 1)
	body := fake.Post(url, e)
	go func() {
		defer close(out)
		if b, ok := <-body; ok {
			out <- slackfake.Ack{Payload: b}
		}
	}()
	return out
}

func roundTrip(t *testing.T, fake *slackfake.Server, deliver func(slackfake.Envelope) <-chan slackfake.Ack) {
	t.Helper()
	acked(t, deliver(slackfake.Mention("C1", "U1", "hello")))
	until(t, fake, "the mention's answer", func() bool { return len(fake.Messages("C1")) == 1 })
	m := fake.Messages("C1")[0]
	if m.ThreadTS == "" || !strings.Contains(string(m.Metadata), "bolt") {
		t.Errorf("the fake kept %+v", m)
	}
	acked(t, deliver(slackfake.Direct("D1", "U1", "hi")))
	until(t, fake, "the message's answer", func() bool { return len(fake.Messages("D1")) == 1 })
	if got := fake.Messages("D1")[0].Text; got != "message hi thread_not_found" {
		t.Errorf("bolt read of the thread: %q", got)
	}
	if a := acked(t, deliver(slackfake.Slash("C1", "U1", "/kap", "what", fake.ResponseURL()))); !strings.Contains(string(a.Payload), "acked what") {
		t.Errorf("command acknowledged with %s", a.Payload)
	}
	until(t, fake, "the command's response", func() bool { return len(fake.Responses()) == 1 })
	acked(t, deliver(slackfake.Press("U1", m, fake.ResponseURL(), slackfake.Fields{"action_id": "pressed", "type": "button", "block_id": "b"})))
	until(t, fake, "the update", func() bool { return fake.Messages("C1")[0].Text == "updated" && len(fake.Responses()) == 2 })
	acked(t, deliver(slackfake.Shortcut("answer_with_kap", "U1", "C1", m.TS, "text", fake.ResponseURL())))
	until(t, fake, "the modal", func() bool { _, ok := fake.LastView(); return ok })
	v, _ := fake.LastView()
	if a := acked(t, deliver(slackfake.Submit("U1", v, nil))); !strings.Contains(string(a.Payload), "clear") {
		t.Errorf("submission acknowledged with %s", a.Payload)
	}
	acked(t, deliver(slackfake.HomeOpened("U1", "D1", "home")))
	until(t, fake, "the home", func() bool { _, ok := fake.Home("U1"); return ok })
}

func acked(t *testing.T, c <-chan slackfake.Ack) slackfake.Ack {
	t.Helper()
	select {
	case a, ok := <-c:
		if !ok {
			t.Fatal("never acknowledged")
		}
		return a
	case <-time.After(soon):
		t.Fatal("no outcome")
		return slackfake.Ack{}
	}
}

func until(t *testing.T, fake *slackfake.Server, what string, ready func() bool) {
	t.Helper()
	if !fake.Wait(soon, ready) {
		t.Fatalf("never: %s", what)
	}
}

// freePort finds a port for a program that must be told one.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
