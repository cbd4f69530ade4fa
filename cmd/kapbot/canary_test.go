package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/slack/slackfake"
)

// output runs kapbot to its end and returns all that it wrote.
func output(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "kapbot", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), tokens...)
	b, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("kapbot %v: %v\n%s", args, err, b)
	}
	return string(b)
}

// TestCanaries feeds marked words, names and tokens through every way into kapbot
// and looks for them in everything that it writes: the log at its most
// talkative, the store's files, metrics, health and reports. With keep_unanswered,
// wordings are kept, and still nothing that could name someone.
func TestCanaries(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprintf("keep_unanswered=%v", keep), func(t *testing.T) { canaries(t, keep) })
	}
}

func canaries(t *testing.T, keep bool) {
	fake := slackfake.New(slackfake.Options{})
	defer fake.Close()
	// What the platform answers, and what fails, must not be written either.
	fake.Fail("chat.postMessage", slackfake.Fault{Error: "invalid_blocks: xoxb-canary-bot-token"}, slackfake.Fault{Status: 500, Body: "canary-body"})
	community, err := discordfake.Start(discordfake.Config{Token: "canary-discord-token"})
	if err != nil {
		t.Fatal(err)
	}
	defer community.Close()
	who := community.NewUser("Zebulon Canaryson")
	guild := community.NewGuild("canary-guild")
	room := community.NewChannel(guild, 0, "", "canary-room")

	dir, page := t.TempDir(), freeAddress(t)
	p := serve(t, dir, fmt.Sprintf("keep_unanswered = %v\n[log]\nlevel = \"debug\"\n%s%s[web]\nlisten = %q\n",
		keep, slackConfig(fake), discordConfig(community), page), tokens...)
	p.until("Discord is connected", func() bool { return connected(community) })

	marked := []string{
		"My name is Zebulon Canaryson, what is KAP?",
		"Can I bring my dog Canaryhund to 12345 Canary Street? Call +1 555 010 4242 or zebulon@canary.example",
		"I want to kill myself, says Zebulon Canaryson",
		"How much is 300 mg for Zebulon Canaryson?",
		"see https://canary.example/zebulon?token=canary-link for Zebulon",
		"\x00\x1b[31mcanary-escape \xff",
		"canaryword canaryword canaryword",
	}
	if keep { // a plain word that is nobody's name is what keep_unanswered keeps
		marked = marked[:len(marked)-1]
	}
	for i, text := range marked {
		fake.Deliver(slackfake.Mention(fmt.Sprintf("C0CANARY%d", i), "U0CANARYUSER", text))
		fake.Deliver(slackfake.Direct(fmt.Sprintf("D0CANARY%d", i), "U0CANARYUSER", text))
		community.Say(who, community.DM(who).ID, text)
		community.Say(who, room.ID, "<@"+community.Bot().ID+"> "+text)
		_ = askPage(t, page, text)
		postForm(t, page, text)
		_, _ = fetch(t, "http://"+page+"/ask?question="+url.QueryEscape(text)) // a client that does it wrongly
	}
	p.until("Slack is answered", func() bool { s := fake.Stats(); return s.Delivered+s.Lost == 2*len(marked) })

	p.until("Discord is answered", func() bool {
		return len(answersIn(community, community.DM(who).ID)) >= 5 && len(answersIn(community, room.ID)) >= 1
	})

	var written bytes.Buffer
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/"} {
		body, _ := p.get(path)
		written.WriteString(body)
	}
	for _, args := range [][]string{{"insights"}, {"insights", "--json"}, {"insights", "--csv"}, {"insights", "draft"}, {"check"}} {
		written.WriteString(output(t, dir, args...))
	}
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	written.WriteString(p.out.String())
	files := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "config.toml" {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		written.Write(b)
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files, %v", files, err)
	}
	for _, canary := range []string{
		"canary", "zebulon", "0104242", "010 4242", "12345", "300 mg", "U0CANARY", "C0CANARY", "D0CANARY",
		// Not the id of the direct channel: it is kept, so that what was missed in it
		// can be read after a restart.
		who.ID, guild.ID, room.ID,
	} {
		if at := bytes.Index(bytes.ToLower(written.Bytes()), []byte(strings.ToLower(canary))); at >= 0 {
			t.Errorf("%q was written: …%q…", canary, written.Bytes()[max(0, at-80):min(at+80, written.Len())])
		}
	}
}

func postForm(t *testing.T, addr, question string) {
	t.Helper()
	form := url.Values{"question": {question}, "q": {question}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/ask", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, _ = do(req)
}
