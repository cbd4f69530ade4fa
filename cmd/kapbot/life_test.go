package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/slack/slackfake"
)

func slackConfig(fake *slackfake.Server) string {
	return fmt.Sprintf("[slack]\nbot_token = \"env:BOT\"\napp_token = \"env:APP\"\napi_url = %q\n", fake.APIURL())
}

func discordConfig(fake *discordfake.Server) string {
	return fmt.Sprintf("[discord]\ntoken = \"env:DISCORD\"\napplication_id = %q\napi_url = %q\n", fake.Bot().ID, fake.APIURL())
}

var tokens = []string{"BOT=xoxb-canary-bot-token", "APP=xapp-canary-app-token", "DISCORD=canary-discord-token"}

func connected(fake *discordfake.Server) bool {
	return slices.ContainsFunc(fake.Sockets(), func(s *discordfake.Socket) bool { return s.Shard() >= 0 && !s.Closed() })
}

// answersIn lists the bot's messages in a channel of Discord.
func answersIn(fake *discordfake.Server, channel string) []discordfake.Message {
	return slices.DeleteFunc(fake.Messages(channel), func(m discordfake.Message) bool { return m.Author.ID != fake.Bot().ID })
}

// TestAllPlatforms runs everything in one process, asks everywhere, and lets the
// operator see it.
func TestAllPlatforms(t *testing.T) {
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	community, err := discordfake.Start(discordfake.Config{Token: "canary-discord-token"})
	if err != nil {
		t.Fatal(err)
	}
	defer community.Close()
	dir, page := t.TempDir(), freeAddress(t)
	p := serve(t, dir, slackConfig(workspace)+discordConfig(community)+fmt.Sprintf("[web]\nlisten = %q\n", page), tokens...)
	p.until("Discord is connected", func() bool { return connected(community) })

	workspace.Deliver(slackfake.Mention("C1", "U1", "What is KAP?"))
	who := community.NewUser("ana")
	community.Say(who, community.DM(who).ID, "What is KAP?")
	if text := askPage(t, page, "What is KAP?"); !strings.Contains(text, "therapeutic approach") {
		t.Errorf("the page answers %q", text)
	}
	p.until("Slack is answered", func() bool { return len(workspace.Messages("C1")) == 1 })
	p.until("Discord is answered", func() bool { return len(answersIn(community, community.DM(who).ID)) >= 1 })
	p.until("all is counted", func() bool {
		metrics, _ := p.get("/metrics")
		for _, adapter := range []string{"slack", "discord", "web"} {
			if !strings.Contains(metrics, fmt.Sprintf(`kapbot_replies_total{adapter=%q,kind="answer",topic="what-is-kap"} 1`, adapter)) {
				return false
			}
		}
		return true
	})
	metrics, _ := p.get("/metrics")
	for _, want := range []string{`kapbot_reconnects_total{adapter="slack"} 0`, `kapbot_reconnects_total{adapter="discord"} 0`, `kapbot_retries_total{adapter="discord"} 0`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	checkup := exec.CommandContext(t.Context(), "kapbot", "check", "--online")
	checkup.Dir, checkup.Env = dir, append(os.Environ(), tokens...)
	said, err := checkup.CombinedOutput()
	t.Logf("kapbot check --online: %v\n%s", err, said)
	if bytes.Contains(said, []byte("canary")) {
		t.Error("a token was shown")
	}
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}

// TestDrain stops kapbot with 500 questions in hand and starts it again: each is
// answered, none twice, and the first process ends well.
func TestDrain(t *testing.T) {
	const questions = 500
	fake := slackfake.New(slackfake.Options{AckWithin: 3 * time.Second, Retries: []time.Duration{0, time.Second, 4 * time.Second, 10 * time.Second}})
	defer fake.Close()
	slow := make([]slackfake.Fault, questions)
	for i := range slow {
		slow[i] = slackfake.Fault{Hang: 500 * time.Millisecond}
	}
	fake.Fail("chat.postMessage", slow...)
	dir := t.TempDir()
	p := serve(t, dir, slackConfig(fake), tokens...)
	for i := range questions {
		fake.Deliver(slackfake.Mention(fmt.Sprintf("C%03d", i), fmt.Sprintf("U%03d", i), "What is KAP?"))
	}
	p.until("all are in hand", func() bool { return fake.Stats().Sent >= questions })
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	t.Logf("answered before the end: %d", fake.Posted())

	again := serve(t, dir, slackConfig(fake), tokens...)
	again.until("every question is answered", func() bool { return fake.Posted() >= questions })
	again.until("every delivery is acknowledged", func() bool { s := fake.Stats(); return s.Delivered+s.Lost == questions })
	if s := fake.Stats(); s.Lost > 0 {
		t.Errorf("%d questions lost", s.Lost)
	}
	for i := range questions {
		if n := len(fake.Messages(fmt.Sprintf("C%03d", i))); n != 1 {
			t.Errorf("question %d was answered %d times", i, n)
		}
	}
}

// TestSecondSignal ends kapbot at once though a post hangs.
func TestSecondSignal(t *testing.T) {
	fake := slackfake.New(slackfake.Options{})
	defer fake.Close()
	fake.Fail("chat.postMessage", slackfake.Fault{Hang: time.Hour})
	p := serve(t, t.TempDir(), slackConfig(fake), tokens...)
	fake.Deliver(slackfake.Mention("C1", "U1", "What is KAP?"))
	p.until("the post hangs", func() bool { return len(fake.Calls("chat.postMessage")) > 0 })
	p.signal(syscall.SIGTERM)
	p.until("it drains", func() bool { return strings.Contains(p.out.String(), "draining") })
	p.signal(syscall.SIGTERM)
	<-p.done
	if strings.Contains(p.out.String(), "kapbot ended") {
		t.Error("the second signal was not heeded")
	}
}

// TestRevokedToken stops Slack, loudly, and leaves the page alone.
func TestRevokedToken(t *testing.T) {
	fake := slackfake.New(slackfake.Options{})
	defer fake.Close()
	revoked := make([]slackfake.Fault, 20)
	for i := range revoked {
		revoked[i] = slackfake.Fault{Error: "token_revoked"}
	}
	fake.Fail("auth.test", revoked...)
	page := freeAddress(t)
	p := serve(t, t.TempDir(), slackConfig(fake)+fmt.Sprintf("[web]\nlisten = %q\n", page), tokens...)
	p.until("health says so", func() bool { return p.troubled("adapter slack", "token_revoked") })
	if text := askPage(t, page, "What is KAP?"); !strings.Contains(text, "therapeutic approach") {
		t.Errorf("the page answers %q", text)
	}
	metrics, _ := p.get("/metrics")
	for _, want := range []string{`kapbot_adapter_up{adapter="slack"} 0`, `kapbot_adapter_up{adapter="web"} 1`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if !strings.Contains(p.out.String(), `"level":"ERROR"`) || !strings.Contains(p.out.String(), "stopped for good") {
		t.Error("the log does not say so")
	}
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}

// TestReload edits a document while kapbot runs: well, badly, and well again.
func TestReload(t *testing.T) {
	dir, page := t.TempDir(), freeAddress(t)
	clinic := filepath.Join(dir, "clinic.md")
	edit := func(text string) {
		t.Helper()
		next := clinic + ".tmp"
		if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(next, clinic); err != nil {
			t.Fatal(err)
		}
	}
	edit(document("One hundred dollars."))
	configuration := fmt.Sprintf("store = \"memory\"\ndocuments = [\"clinic.md\"]\n[web]\nlisten = %q\n", page)
	p := serve(t, dir, configuration)
	says := func(want string) bool { return strings.Contains(askPage(t, page, "What does it cost?"), want) }
	if !says("One hundred") {
		t.Fatal("the document is not answered from")
	}
	edit(document("Two hundred dollars."))
	p.until("the edit is read", func() bool { return says("Two hundred") })

	edit("## What does it cost? {#cost}\n")
	p.until("the broken edit is reported", func() bool { return p.troubled("documents and settings", "clinic.md:1: ") })
	if !says("Two hundred") {
		t.Error("a broken edit took the old document away")
	}
	if metrics, _ := p.get("/metrics"); !strings.Contains(metrics, "kapbot_reload_ok 0") {
		t.Error("the metric does not say so")
	}
	edit(document("Three hundred dollars."))
	p.until("the mended edit is read", func() bool { return says("Three hundred") })
	if r, _ := p.health(); len(r.Troubles) != 0 {
		t.Errorf("troubles: %v", r.Troubles)
	}

	// A new list of documents takes effect on SIGHUP; a new address does not.
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte("store = \"memory\"\n[log]\nlevel = \"debug\"\n[web]\nlisten = \"127.0.0.1:1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.until("the document is gone", func() bool { return !says("Three hundred") })
	p.until("what needs a restart is named", func() bool { return strings.Contains(p.out.String(), `"keys":"web.listen"`) })
}

// TestStoreLocked lets another program lock the store: kapbot goes on, says so, and
// counts what happened meanwhile once it can.
func TestStoreLocked(t *testing.T) {
	fake := slackfake.New(slackfake.Options{})
	defer fake.Close()
	dir := t.TempDir()
	p := serve(t, dir, slackConfig(fake), tokens...)
	ask := func(n int) {
		t.Helper()
		fake.Deliver(slackfake.Mention(fmt.Sprintf("C%d", n), "U1", "What is KAP?"))
		p.until("it is answered", func() bool { return fake.Posted() == n })
	}
	ask(1)

	db, err := sql.Open("sqlite", filepath.Join(dir, "kapbot.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ask(2)
	p.until("health says so", func() bool { return p.troubled("store", "") })
	if r, _ := p.health(); !r.Ready {
		t.Error("it is not ready, though it answers")
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	p.until("it recovers", func() bool { r, _ := p.health(); return len(r.Troubles) == 0 })
	ask(3)
	p.until("all three are counted", func() bool {
		var total struct{ Questions int }
		return json.Unmarshal([]byte(output(t, dir, "insights", "--json")), &total) == nil && total.Questions == 3
	})
}
