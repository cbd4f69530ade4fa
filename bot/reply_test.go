package bot

import (
	"context"
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

func newBot(t testing.TB, documents ...string) *Bot {
	t.Helper()
	b, err := New(context.Background(), Options{Documents: documents})
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

// carries fails unless every rendering of r holds the disclaimer.
func carries(t *testing.T, r Reply) {
	t.Helper()
	want := English().Disclaimer
	if r.Disclaimer() != want {
		t.Errorf("%s: the disclaimer is %q", r.Kind(), r.Disclaimer())
	}
	if !strings.HasSuffix(r.Text(), want) {
		t.Errorf("%s: the text does not end with the disclaimer: %q", r.Kind(), r.Text())
	}
	line, err := json.Marshal(r.Record("1", 0))
	if err != nil {
		t.Fatal(err)
	}
	var rec Record
	if err := json.Unmarshal(line, &rec); err != nil {
		t.Fatal(err)
	}
	if rec.Disclaimer != want || !strings.Contains(rec.Text, want) {
		t.Errorf("%s: the record has no disclaimer: %s", r.Kind(), line)
	}
}

// everyReply is one reply of every kind and of every function that makes one.
func everyReply(t *testing.T, b *Bot) map[string]Reply {
	ask := func(q string) Reply {
		r, _ := b.Reply(t.Context(), Message{Text: q}, Conversation{})
		return r
	}
	shown, _ := b.Show("how-it-works")
	unknown, _ := b.Show("no-such-topic")
	return map[string]Reply{
		"zero": {}, "answer": ask("What is KAP?"), "not covered": ask("How much does it cost?"),
		"crisis": ask("I want to kill myself"), "crisis for another": ask("my brother wants to kill himself"),
		"emergency": ask("she took too much ketamine and is not breathing"), "dose": ask("how many mg of ketamine should I take"),
		"hello": ask("hello"), "thanks": ask("thank you"), "human": ask("are you human?"), "bye": ask("bye"),
		"help": ask("help"), "empty": ask(""), "off topic": ask("reserve a table for two"), "nonsense": ask("asdf qwer zxcv"),
		"show": shown, "show unknown": unknown, "evidence": b.Evidence("ptsd"), "all evidence": b.Evidence(""), "no evidence": b.Evidence("gout"),
		"checklist": b.Checklist(), "missing": b.Missing([]int{0, 3, 99, -1}), "nothing missing": b.Missing([]int{0, 1, 2, 3, 4, 5, 6, 7}),
		"welcome": b.Welcome(), "list": b.Help(), "ask": b.Ask(), "privacy": b.Privacy(), "slow down": b.SlowDown(), "failure": b.Failure(),
		"rated": b.Rated(), "deleted": b.Deleted(), "not yours": b.NotYours(), "saved": b.Saved(), "no match": b.NoMatch(), "alert": b.Alert(),
		"crisis line": b.CrisisLine("en-US"),
	}
}

func TestEveryReplyCarriesTheDisclaimer(t *testing.T) {
	b := newBot(t)
	kinds := map[Kind]bool{}
	for name, r := range everyReply(t, b) {
		t.Run(name, func(t *testing.T) { carries(t, r) })
		kinds[r.Kind()] = true
	}
	c := draft{kind: Clarify, blocks: []Block{say("?")}, related: []Choice{{"a", "A?"}, {"b", "B?"}}}
	carries(t, b.words.seal(c))
	for _, k := range []Kind{Answer, NotCovered, Redirect, Crisis, Emergency, SmallTalk, Help, SlowDown, Failure, Notice} {
		if !kinds[k] {
			t.Errorf("no reply of kind %s was tried", k)
		}
	}
}

func TestReplyCannotBeWrittenDownElsewhere(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command: https://go.dev/dl")
	}
	out, err := exec.Command("go", "vet", "./testdata/unsealed").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "unexported field") {
		t.Errorf("a Reply was written down outside package bot: %v\n%s", err, out)
	}
}

func TestRecordKeepsTheContract(t *testing.T) {
	b := newBot(t)
	line, err := json.Marshal(b.Help().Record("7", 0))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "kind", "topic", "reason", "confidence", "text", "disclaimer", "resources", "sources", "related", "micros"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("the record has no %q: %s", name, line)
		}
	}
	if n := len(fields["related"].([]any)); n > 3 {
		t.Errorf("related holds %d ids, want at most 3", n)
	}
}

func TestEveryWordIsWritten(t *testing.T) {
	var check func(name string, v reflect.Value)
	check = func(name string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				check(name+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice, reflect.Map:
			if v.Len() == 0 {
				t.Errorf("%s is empty", name)
			}
		case reflect.String:
			if v.String() == "" {
				t.Errorf("%s is empty", name)
			}
		}
	}
	check("words", reflect.ValueOf(*English()))
}

func FuzzReplyCarriesTheDisclaimer(f *testing.F) {
	b := newBot(f)
	for _, q := range []string{"", "What is KAP?", "i want to die", "<!channel> @everyone", "\x00\xff", "1", strings.Repeat("why ", 2000)} {
		f.Add(q, "what is it?")
	}
	f.Fuzz(func(t *testing.T, q, prior string) {
		_, c := b.Reply(t.Context(), Message{Text: prior}, Conversation{})
		r, _ := b.Reply(t.Context(), Message{Text: q}, c)
		carries(t, r)
	})
}
