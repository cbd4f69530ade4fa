package render_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/render"
	"kapbot/adapters/discord/rest"
	"kapbot/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const asker = "1000000000000000001"

var theBot = sync.OnceValue(func() *bot.Bot { return open(bot.Options{}) })

// worst is a bot with a document that does its worst. It takes some seconds to
// make, since the model learns each added document.
var worst = sync.OnceValue(func() *bot.Bot {
	raw, err := os.ReadFile("testdata/hostile.md")
	if err != nil {
		panic(err)
	}
	text := strings.NewReplacer("LONG", strings.Repeat("This sentence goes on about *nothing* with 🧠 in it. ", 400),
		"ITEMS", strings.Repeat("An item that is as long as the sentence above. ", 100)).Replace(string(raw))
	dir, err := os.MkdirTemp("", "render")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "hostile.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}
	return open(bot.Options{Documents: []string{file}})
})

func open(o bot.Options) *bot.Bot {
	b, err := bot.New(context.Background(), o)
	if err != nil {
		panic(err)
	}
	return b
}

// told asks the bot in words.
func told(text string) bot.Reply {
	r, _ := theBot().Reply(context.Background(), bot.Message{Text: text, Direct: true}, bot.Conversation{})
	return r
}

func shown(b *bot.Bot, id string) bot.Reply {
	r, _ := b.Show(id)
	return r
}

// hostile are the messages about the document that does its worst.
func hostile() map[string]render.Message {
	v := render.View{Words: worst().Words(), Asker: asker, Shared: true}
	return map[string]render.Message{
		"hostile-marks": render.Draw(shown(worst(), "hostile/marks"), v),
		"hostile-long":  render.Draw(shown(worst(), "hostile/long"), v),
		"long-plain":    render.Draw(shown(worst(), "hostile/long"), v).AsPlain(),
	}
}

// surfaces are the messages that people see, each in the view that it has there.
func surfaces() map[string]render.Message {
	b := theBot()
	view := render.View{Words: b.Words(), Asker: asker}
	with := func(f func(*render.View)) render.View {
		v := view
		f(&v)
		return v
	}
	shared := with(func(v *render.View) { v.Shared = true })
	share := with(func(v *render.View) { v.Share = true })
	items := render.Items(b.Checklist())
	return map[string]render.Message{
		"answer-to-mention":     render.Draw(told("What is KAP?"), shared).ReplyTo("1000000000000000002").Notify().Nonce("a1000000000000000002"),
		"answer-uncalled":       render.Draw(told("What is KAP?"), shared).ReplyTo("1000000000000000002").Nonce("a1000000000000000002"),
		"answer-in-private":     render.Draw(told("What is KAP?"), share).Ephemeral(),
		"answer-plain":          render.Draw(told("What is KAP?"), view).AsPlain(),
		"answer-for-moderator":  render.Draw(told("What is KAP?"), with(func(v *render.View) { v.Answers = "1000000000000000002" })).Ephemeral(),
		"answer-posted":         render.Draw(shown(b, "what-is-kap"), with(func(v *render.View) { v.Shared, v.Above = true, "-# Posted at the request of <@"+asker+">" })),
		"study":                 render.Draw(shown(b, "study-chronic-pain"), share).Ephemeral(),
		"not-covered":           render.Draw(told("How much does it cost?"), share).Ephemeral(),
		"redirect":              render.Draw(told("How many mg should I take?"), share).Ephemeral(),
		"crisis":                render.Draw(told("I want to kill myself"), view),
		"crisis-plain":          render.Draw(told("I want to kill myself"), view).AsPlain(),
		"emergency":             render.Draw(told("my friend took too much ketamine and is not breathing"), view),
		"small-talk":            render.Draw(told("hello"), view),
		"help":                  render.Draw(b.Help(), view).Ephemeral(),
		"welcome":               render.Draw(b.Welcome(), view),
		"evidence":              render.Draw(b.Evidence(""), view).Ephemeral(),
		"evidence-on-condition": render.Draw(b.Evidence("PTSD"), view).Ephemeral(),
		"checklist":             render.Draw(b.Checklist(), with(func(v *render.View) { v.Checklist, v.Labels = true, items })).Ephemeral(),
		"checklist-ticked":      render.Draw(b.Missing([]int{0, 2}), with(func(v *render.View) { v.Checklist, v.Labels, v.Ticked = true, items, []int{0, 2} })).Ephemeral(),
		"rated-why":             render.Draw(b.Rated(), with(func(v *render.View) { v.WhyOf = "1000000000000000002/what-is-kap" })).Ephemeral(),
		"settings": render.Draw(b.Settings(), with(func(v *render.View) {
			v.Settings = &render.Settings{Channels: []string{"1000000000000000003"}, Auto: []string{"1000000000000000004"}, Moderators: "1000000000000000005", Region: "GB",
				Regions: []render.Region{{Code: "GB", Name: "United Kingdom"}, {Code: "US", Name: "United States"}}}
		})).Ephemeral(),
		"alert":     render.Draw(b.Alert(), with(func(v *render.View) { v.Above = "<@" + asker + "> · https://discord.com/channels/1/2/3" })),
		"slow-down": render.Draw(b.SlowDown(), view).Ephemeral(),
		"failure":   render.Draw(b.Failure(), view).Ephemeral(),
		"zero":      {},
		"clarify":   render.Draw(clarifying(), shared),
	}
}

// clarifying is a reply that asks back; which wording makes one depends on the model.
func clarifying() bot.Reply {
	for _, text := range []string{"studies", "is it safe and does it work", "research on depression", "long term", "does it help", "tell me about depression and pain", "pain", "ptsd", "what about depression?", "ketamine", "therapy", "who and how"} {
		if r := told(text); r.Kind() == bot.Clarify {
			return r
		}
	}
	return bot.Reply{}
}

func TestGolden(t *testing.T) {
	for name, m := range surfaces() {
		golden(t, name, m)
	}
}

// The document that does its worst neither notifies anyone, nor leaves its
// quotation, nor breaks a limit.
func TestGoldenHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("the model learns a document first")
	}
	for name, m := range hostile() {
		golden(t, name, m)
	}
	keepsLimits(t, hostile())
}

func golden(t *testing.T, name string, m render.Message) {
	t.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, pretty.Bytes()) {
		t.Errorf("%s has changed; look at it, and if it is right run go test ./adapters/discord/render -update\n%s", name, pretty.Bytes())
	}
}

func TestSurfacesKeepTheLimits(t *testing.T) { keepsLimits(t, surfaces()) }

// keepsLimits posts each message to the fake, which refuses what is over a
// limit, and looks for the disclaimer.
func keepsLimits(t *testing.T, all map[string]render.Message) {
	t.Helper()
	s, err := discordfake.Start(discordfake.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := rest.New(rest.Options{Token: s.Token(), URL: s.APIURL()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	room := s.DM(s.NewUser("ann"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for name, m := range all {
		if err := c.Do(ctx, rest.Request{Method: http.MethodPost, Path: "channels/" + room.ID + "/messages", Body: m.ReplyTo("").Nonce("")}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(raw, []byte("I am a computer program, not a clinician")) {
			t.Errorf("%s: no disclaimer: %s", name, raw)
		}
	}
}

// A person in danger sees every line of help, however little room there is.
func TestLinesOfHelpAreNeverCut(t *testing.T) {
	for _, text := range []string{"I want to kill myself", "my friend took too much ketamine and is not breathing"} {
		r := told(text)
		plain := render.Plain(r)
		for _, c := range r.Contacts() {
			if !strings.Contains(plain, c.Tel) {
				t.Errorf("%q: %s is missing from %s", text, c.Name, plain)
			}
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                       "plain",
		"*a* _b_ ~c~ `d` |e|":         `\*a\* \_b\_ \~c\~ ` + "\\`d\\`" + ` \|e\|`,
		"# heading\n> quote\n- list":  "\\# heading\n\\> quote\n\\- list",
		"1. one\n2020. a year":        "1\\. one\n2020\\. a year",
		"@everyone <@1> <#2> <t:0:R>": "@\u200beveryone \\<@\u200b1> \\<#2> \\<t:0:R>",
		"[a](https://b.example/c_d)":  `\[a\](https://b.example/c_d)`,
		`back\slash`:                  `back\\slash`,
		"a - b + c > d":               "a - b + c > d",
	} {
		if got := render.Escape(in); got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCutCountsAsDiscordDoes(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 5, "short"}, {"one two three", 9, "one two…"}, {"🧠🧠🧠", 5, "🧠🧠…"}, {"🧠🧠🧠", 4, "🧠…"}, {"abc", 0, ""}, {"", 3, ""},
	} {
		if got := render.Cut(c.in, c.n); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("one two 🧠 three", 7)
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := render.Cut(s, n)
		if n > 0 && render.Size(got) > max(n, 0) && render.Size(s) > n {
			t.Errorf("Cut(%q, %d) has %d units", s, n, render.Size(got))
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("Cut(%q, %d) = %q is not UTF-8", s, n, got)
		}
	})
}

func FuzzEscape(f *testing.F) {
	f.Add("<@123> @here **x** https://a.example/_b_")
	f.Fuzz(func(t *testing.T, s string) {
		got := render.Escape(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
		for _, bad := range []string{"@everyone", "@here"} {
			if strings.Contains(got, bad) && !strings.Contains(s, "http") {
				t.Errorf("%q is in %q", bad, got)
			}
		}
	})
}

func FuzzPress(f *testing.F) {
	f.Add("k1:did:123:what-is-kap")
	f.Add("k1:tick:123:ff.1")
	f.Add("::::")
	f.Fuzz(func(t *testing.T, id string) {
		p, err := render.ParsePress(id)
		if err != nil {
			return
		}
		if again := p.ID(); again != "" && again != id {
			t.Errorf("%q became %q", id, again)
		}
		for _, i := range render.ParseTicks(p.Arg).With([]string{"0", "49", "-1", "x", id}) {
			if i < 0 || i > 63 {
				t.Errorf("ticked %d", i)
			}
		}
	})
}
