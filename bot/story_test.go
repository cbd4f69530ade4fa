package bot

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestConversations holds whole conversations, for a person to read aloud.
func TestConversations(t *testing.T) {
	script, err := os.ReadFile("testdata/conversations.txt")
	if err != nil {
		t.Fatal(err)
	}
	b := newBot(t)
	var out strings.Builder
	var c Conversation
	for line := range strings.Lines(string(script)) {
		said, ok := strings.CutPrefix(strings.TrimSpace(line), "> ")
		if !ok {
			if c.Turn > 0 {
				out.WriteString(strings.Repeat("-", 72) + "\n\n")
			}
			c = Conversation{}
			continue
		}
		var r Reply
		r, c = b.Reply(t.Context(), Message{Text: said, Direct: true}, c)
		fmt.Fprintf(&out, "> %s\n\n[%s] %s\n\n", said, r.Kind(), r.Text())
	}
	const golden = "testdata/conversations.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; run go test ./bot -update to write it", err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("conversations differ (-want +got):\n%s", diff)
	}
}
