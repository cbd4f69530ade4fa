package discord_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapbot/adapters/discord/discordfake"
)

// node finds Node and the packages, or skips with the line that installs them. Under CI
// a skip would hide that nothing was checked, so it fails.
func node(t *testing.T) string {
	t.Helper()
	miss := t.Skipf
	if os.Getenv("CI") == "true" {
		miss = t.Fatalf
	}
	path, err := exec.LookPath("node")
	if err != nil {
		miss("node is missing: apt-get install nodejs npm")
	}
	if _, err := os.Stat("testdata/npm/node_modules/discord.js"); err != nil {
		miss("the packages are missing: npm ci --prefix adapters/discord/testdata/npm")
	}
	return path
}

// TestPayloadsByOthersRules has discord-api-types (with tsc) and @discordjs/builders check
// every golden message and the commands.
func TestPayloadsByOthersRules(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	bin := node(t)
	var files []string
	for _, pattern := range []string{"testdata/golden/callback*.json", "render/testdata/golden/*.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal("no golden files", pattern, err)
		}
		files = append(files, found...)
	}
	cmd := exec.CommandContext(t.Context(), bin, append([]string{"testdata/npm/payloads.mjs", "testdata/golden/commands.json"}, files...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestFakeByDiscordJS has discord.js use the fake as it would use Discord.
func TestFakeByDiscordJS(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	bin := node(t)
	s := fake(t, discordfake.Config{})
	w := &world{Server: s, t: t}
	g := s.NewGuild("a community")
	room := s.NewChannel(g, discordfake.TextChannel, "", "general")
	ann := s.NewUser("ann")
	cmd := exec.CommandContext(t.Context(), bin, "testdata/npm/roundtrip.mjs", strings.TrimSuffix(s.APIURL(), "/v10/"), s.Token())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	}()
	k := w.connected()
	w.await("the commands", func() bool { return len(s.Commands("")) > 0 })
	heard := func(text string) {
		t.Helper()
		s.Say(ann, room.ID, text)
		w.await(text, func() bool {
			for _, m := range w.mine(room.ID) {
				if m.Content == "heard "+text || m.Content == "edited" && text == "edit" {
					return true
				}
			}
			return text == "delete" && len(s.Requests("DELETE", "/messages/")) == 1
		})
	}
	heard("one")
	heard("edit")
	heard("delete")
	use := discordfake.Use{User: ann, Channel: room}
	id := s.Command(use, "kap")
	w.await("the command's three answers", func() bool { return len(s.Interaction(id).Responses) == 3 })
	id = s.Press(use, w.mine(room.ID)[0].ID, "x")
	w.await("the press's answer", func() bool { return len(s.Interaction(id).Responses) == 1 })
	id = s.Typing(use, "kap", discordfake.Option{Name: "q", Type: 3, Value: "o", Focused: true})
	w.await("the completion", func() bool { return len(s.Interaction(id).Responses) == 1 })
	k.Reset()
	heard("after a reset")
	w.connected().Send(discordfake.Reconnect)
	heard("after op 7")
	if s.Starts() != 1 {
		t.Errorf("discord.js began %d sessions; it resumes on the real one", s.Starts())
	}
}
