package terminal

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kapbot/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func newBot(t *testing.T) *bot.Bot {
	t.Helper()
	b, err := bot.New(t.Context(), bot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func env(vars ...string) func(string) string {
	return func(name string) string {
		for _, v := range vars {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

func TestRenderGolden(t *testing.T) {
	b := newBot(t)
	styles := map[string]style{
		"plain": {}, "color": {width: 72, color: true, links: true}, "narrow": {width: 34, color: true},
	}
	how, _ := b.Show("how-it-works")
	chronic, _ := b.Show("study-long-term-infusions")
	crisis, _ := b.Reply(t.Context(), bot.Message{Text: "I want to kill myself", Direct: true}, bot.Conversation{})
	replies := map[string]bot.Reply{"welcome": b.Welcome(), "answer": how, "study": chronic, "crisis": crisis, "checklist": b.Checklist()}
	for styleName, s := range styles {
		for replyName, r := range replies {
			t.Run(replyName+"-"+styleName, func(t *testing.T) {
				golden(t, replyName+"-"+styleName+".txt", s.render(r)+"\n")
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test -update to write it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	b := newBot(t)
	for _, width := range []int{minWidth, 40, maxWidth} {
		s := style{width: width, color: true, links: true}
		for _, topic := range b.Topics() {
			r, _ := b.Show(topic.ID)
			for line := range strings.Lines(s.render(r)) {
				line = strings.TrimSuffix(line, "\n")
				if ansi.StringWidth(line) > width && !strings.Contains(line, "https://") {
					t.Errorf("%s at %d columns: %d in %q", topic.ID, width, ansi.StringWidth(line), line)
				}
			}
		}
	}
}

func TestPipeIsPlain(t *testing.T) {
	b := newBot(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var out bytes.Buffer
	in := strings.NewReader("What is KAP?\n\n?\r\n2\nlast line without an end")
	if err := New(b, Options{In: in, Out: &out, Getenv: env("TERM=xterm")}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), b.Words().Disclaimer); n != 4 {
		t.Errorf("%d replies, want 4:\n%s", n, out.String())
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("plain output holds escape codes")
	}
	if !strings.Contains(out.String(), "glutamate") {
		t.Error("2 did not pick the second topic of the help")
	}
}

func TestPipeSurvivesALongLine(t *testing.T) {
	b := newBot(t)
	var out bytes.Buffer
	in := strings.NewReader(strings.Repeat("why ", 100_000) + "\nWhat is KAP?\n")
	if err := New(b, Options{In: in, Out: &out, Getenv: env()}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), b.Words().Disclaimer); n != 2 {
		t.Errorf("%d replies, want 2", n)
	}
}

func TestPipeStopsWhenCalledOff(t *testing.T) {
	b := newBot(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(b, Options{In: strings.NewReader("What is KAP?\n"), Out: &bytes.Buffer{}, Getenv: env()}).Run(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestStyleFollowsTheTerminal(t *testing.T) {
	tests := map[string]struct {
		env  []string
		want style
	}{
		"plain xterm": {[]string{"TERM=xterm-256color"}, style{color: true}},
		"no color":    {[]string{"TERM=xterm-256color", "NO_COLOR=1", "WT_SESSION=1"}, style{links: true}},
		"dumb":        {[]string{"TERM=dumb", "VTE_VERSION=6800"}, style{}},
		"kitty":       {[]string{"TERM=xterm-kitty"}, style{color: true, links: true}},
		"old vte":     {[]string{"TERM=xterm", "VTE_VERSION=4000"}, style{color: true}},
		"vscode":      {[]string{"TERM=xterm", "TERM_PROGRAM=vscode"}, style{color: true, links: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := newStyle(env(test.env...)); got != test.want {
				t.Errorf("style is %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestLocaleOfTheEnvironment(t *testing.T) {
	for vars, want := range map[string]string{"LANG=en_GB.UTF-8": "en-GB", "LANG=C.UTF-8": "", "LC_ALL=de_AT": "de-AT", "": ""} {
		if got := localeOf(env(vars)); got != want {
			t.Errorf("locale of %q is %q, want %q", vars, got, want)
		}
	}
}

func TestDocumentsCannotControlTheTerminal(t *testing.T) {
	got := style{}.block(bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: "red \x1b[31m bell \a c1 \u009b end\nnext"}}})
	if want := "red [31m bell  c1  end\nnext"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
