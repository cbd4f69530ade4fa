package discord_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// id is a snowflake: in a golden file all of them are the same.
var id = regexp.MustCompile(`\b\d{17,20}\b`)

// golden compares JSON with the file of that name.
func golden(t *testing.T, name string, raw []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, id.ReplaceAll(raw, []byte("1000000000000000001")), "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, pretty.Bytes()) {
		t.Errorf("%s has changed; look at it, and if it is right run go test ./adapters/discord -run Golden -update\n%s", name, pretty.Bytes())
	}
}

func TestGoldenCommands(t *testing.T) {
	raw, err := json.Marshal(discord.Commands())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "commands", raw)
}

// TestGoldenCallbacks shows the first answer to an interaction, of each type.
func TestGoldenCallbacks(t *testing.T) {
	gate := make(chan struct{})
	late := inGuild(t, lateBy(gate))
	defer close(gate)
	p := inGuild(t)
	m := late.Say(late.ann, late.room.ID, "a message with a button")
	for name, c := range map[string]struct {
		w  *world
		id string
	}{
		"callback-4-message":      {p.world, p.Command(p.use(), "kap", discordfake.Sub("nonsense"))},
		"callback-5-later":        {late.world, late.Command(late.use(), "kap", discordfake.Sub("topics"))},
		"callback-6-update-later": {late.world, late.Press(late.use(), m.ID, "k1:did:"+late.ann.ID+":what-is-kap")},
		"callback-7-update":       {p.world, p.Press(p.use(), "", "k1:why:"+p.ann.ID+":1/what-is-kap", "unclear")},
		"callback-8-choices":      {p.world, p.Typing(p.use(), "kap", discordfake.Sub("evidence", discordfake.Option{Name: "condition", Type: 3, Value: "pt", Focused: true}))},
	} {
		c.w.response(c.id, 1)
		sent := func() []discordfake.Request { return c.w.Requests("POST", "/interactions/"+c.id) }
		c.w.await("the request", func() bool { return len(sent()) > 0 })
		golden(t, name, sent()[0].Body)
	}
}
