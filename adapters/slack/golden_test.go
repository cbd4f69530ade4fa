package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapbot/adapters/slack"
	"kapbot/adapters/slack/slackfake"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// answered is a question that is a topic's own.
const answered = "How does it work, and does it help?"

// phrases are wordings of which one gets the kind of reply, whatever the model
// has learnt since.
var phrases = map[bot.Kind][]string{
	bot.Clarify:    {"what should I know", "review what happens", "therapy effects", "what is it who gets it", "who gets it", "long term", "how"},
	bot.NotCovered: {"How much does it cost?", "Is it covered by insurance?", "Which clinic in Denver is best?"},
	bot.Redirect:   {"How many mg should I take?", "Where can I buy ketamine?", "Should I stop taking my antidepressant?"},
	bot.Crisis:     {"I want to kill myself", "I am going to end my life tonight"},
	bot.Emergency:  {"He took too much ketamine and is not breathing", "my friend overdosed and will not wake up"},
}

// phrase returns a wording that gets the kind of reply.
func phrase(t *testing.T, kind bot.Kind) string {
	t.Helper()
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range phrases[kind] {
		if r, _ := b.Reply(context.Background(), bot.Message{Text: text}, bot.Conversation{}); r.Kind() == kind {
			return text
		}
	}
	t.Skipf("no wording gets a %s", kind)
	return ""
}

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares data with testdata/golden/name, or rewrites it.
func golden(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\nwrite it with: go test ./adapters/slack -run Golden -update", err)
	}
	if diff := cmp.Diff(string(want), string(data)); diff != "" {
		t.Errorf("%s differs (-want +got); look at it, then: go test ./adapters/slack -run Golden -update\n%s", path, diff)
	}
}

// sent is one call as a golden file shows it.
type sent struct {
	Method string         `json:"method"`
	Args   map[string]any `json:"args"`
}

// record lists what left, without tokens, with ids and times made equal.
func (w *world) record() []byte {
	w.t.Helper()
	var list []sent
	for _, c := range append(w.fake.Calls(""), w.fake.Responses()...) {
		switch c.Method {
		case "auth.test", "apps.connections.open":
			continue
		}
		s := sent{Method: regexp.MustCompile(`^/response/.*`).ReplaceAllString(c.Method, "response_url"), Args: map[string]any{}}
		for k, v := range c.Args {
			if k == "token" {
				continue
			}
			var decoded any
			if err := json.Unmarshal([]byte(v), &decoded); err != nil || !strings.ContainsAny(v, "[{") && v != "true" && v != "false" {
				decoded = v
			}
			s.Args[k] = decoded
		}
		list = append(list, s)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(list); err != nil {
		w.t.Fatal(err)
	}
	return equalised(out.Bytes())
}

var varying = regexp.MustCompile(`17000000\d\d\.\d{6}|Ev\d{8}|trigger\.\d+|V\d{8}|R\d{8}`)

// equalised numbers ids and times in the order in which they appear.
func equalised(data []byte) []byte {
	seen := map[string]string{}
	return varying.ReplaceAllFunc(data, func(id []byte) []byte {
		name, ok := seen[string(id)]
		if !ok {
			kind := "id"
			if strings.Contains(string(id), ".") && id[0] == '1' {
				kind = "1700000000.0000"
			}
			name = fmt.Sprintf("%s%02d", kind, len(seen)+1)
			seen[string(id)] = name
		}
		return []byte(name)
	})
}

// surfaces are all the places where the bot speaks. Each plays a scene; what
// leaves is the golden file.
var surfaces = map[string]func(*world){
	"mention-answer":      func(w *world) { w.mention(answered) },
	"mention-not-covered": func(w *world) { w.mention(phrase(w.t, bot.NotCovered)) },
	"mention-clarify":     func(w *world) { w.mention(phrase(w.t, bot.Clarify)) },
	"mention-redirect":    func(w *world) { w.mention(phrase(w.t, bot.Redirect)) },
	"mention-empty":       func(w *world) { w.mention("") },
	"mention-crisis":      func(w *world) { w.mention(phrase(w.t, bot.Crisis)) },
	"direct-answer":       func(w *world) { w.deliver(slackfake.Direct("D1", "U1", answered)) },
	"direct-crisis":       func(w *world) { w.deliver(slackfake.Direct("D1", "U1", phrase(w.t, bot.Crisis))) },
	"direct-emergency":    func(w *world) { w.deliver(slackfake.Direct("D1", "U1", phrase(w.t, bot.Emergency))) },
	"direct-edited": func(w *world) {
		e := slackfake.Direct("D1", "U1", phrase(w.t, bot.NotCovered))
		w.deliver(e)
		w.answers("D1", 1)
		w.deliver(slackfake.Edit(e, "im", answered, 30))
	},
	"direct-slow-down": func(w *world) {
		for range 3 {
			w.deliver(slackfake.Direct("D1", "U1", "hello"))
		}
	},
	"messages-tab":      func(w *world) { w.deliver(slackfake.HomeOpened("U1", "D1", "messages")) },
	"home":              func(w *world) { w.deliver(slackfake.HomeOpened("U1", "D1", "home")) },
	"command-help":      func(w *world) { w.command("") },
	"command-answer":    func(w *world) { w.command(answered) },
	"command-evidence":  func(w *world) { w.command("evidence chronic pain") },
	"command-checklist": func(w *world) { w.command("checklist") },
	"checklist-ticked": func(w *world) {
		w.press(slackfake.Message{Channel: "C1", TS: "1700000000.000001", EphemeralTo: "U1"}, slackfake.Fields{
			"action_id": "tick:0", "type": "checkboxes", "block_id": "checklist",
		}, slackfake.Fields{"checklist": slackfake.Fields{"tick:0": slackfake.Fields{"type": "checkboxes", "selected_options": []slackfake.Fields{{"value": "0"}, {"value": "2"}}}}})
	},
	"button-topic": func(w *world) { w.mention(answered); w.pressIn("C1", "topic:0") },
	"button-pick":  func(w *world) { w.mention(phrase(w.t, bot.Clarify)); w.pressIn("C1", "pick:0") },
	"button-share": func(w *world) {
		w.press(slackfake.Message{Channel: "C1", TS: "1700000000.000001", EphemeralTo: "U1"}, slackfake.Fields{"action_id": "share", "type": "button", "value": "how-it-works"}, nil)
	},
	"button-helpful":     func(w *world) { w.mention(answered); w.rate("up how-it-works") },
	"button-not-helpful": func(w *world) { w.mention(answered); w.rate("down how-it-works") },
	"button-reason": func(w *world) {
		w.press(slackfake.Message{Channel: "C1", TS: "1700000000.000001", EphemeralTo: "U1"}, slackfake.Fields{"action_id": "reason:unclear", "type": "button", "value": "x how-it-works"}, nil)
	},
	"button-delete":       func(w *world) { w.mention(answered); w.pressIn("C1", "delete") },
	"button-delete-other": func(w *world) { w.mention(answered); w.pressAs("U2", "C1", "delete") },
	"home-topic": func(w *world) {
		w.deliver(slackfake.Interaction("block_actions", "U1", slackfake.Fields{
			"container": slackfake.Fields{"type": "view"}, "view": slackfake.Fields{"id": "V00000001", "type": "home"},
			"actions": []slackfake.Fields{{"action_id": "peek:0", "type": "button", "value": "how-it-works"}},
		}))
	},
	"home-checklist": func(w *world) {
		w.deliver(slackfake.Interaction("block_actions", "U1", slackfake.Fields{
			"container": slackfake.Fields{"type": "view"}, "view": slackfake.Fields{"id": "V00000001", "type": "home"},
			"actions": []slackfake.Fields{{"action_id": "checklist", "type": "button", "value": "all"}},
		}))
	},
	"modal-ticked": func(w *world) {
		v := w.shortcut(answered)
		w.deliver(slackfake.Interaction("block_actions", "U1", slackfake.Fields{
			"container": slackfake.Fields{"type": "view"}, "actions": []slackfake.Fields{{"action_id": "tick:0", "type": "checkboxes"}},
			"view": slackfake.Fields{"id": v.ID, "type": "modal", "state": slackfake.Fields{"values": slackfake.Fields{"checklist": slackfake.Fields{
				"tick:0": slackfake.Fields{"type": "checkboxes", "selected_options": []slackfake.Fields{{"value": "1"}}},
			}}}},
		}))
	},
	"shortcut": func(w *world) { w.shortcut(answered) },
	"shortcut-posted": func(w *world) {
		w.deliver(slackfake.Submit("U1", w.shortcut(answered), nil))
	},
	"shortcut-private": func(w *world) {
		v := w.shortcut(answered)
		w.deliver(slackfake.Interaction("block_actions", "U1", slackfake.Fields{
			"container": slackfake.Fields{"type": "view"}, "view": slackfake.Fields{"id": v.ID, "type": "modal"},
			"actions": []slackfake.Fields{{"action_id": "private", "type": "button", "value": "private"}},
		}))
	},
	"shortcut-crisis": func(w *world) { w.shortcut(phrase(w.t, bot.Crisis)) },
}

func TestGolden(t *testing.T) {
	for name, play := range surfaces {
		t.Run(name, func(t *testing.T) {
			fake := slackfake.New(quick())
			t.Cleanup(fake.Close)
			eo := engineOptions()
			if name == "direct-slow-down" {
				eo.PersonRate = engine.Rate{PerMinute: 1, Burst: 1}
			}
			w := startOn(t, fake, eo, func(o *slack.Options) {
				o.AlertChannel, o.Connections, o.AckPatience = "CMODS", 1, soon // so that an acknowledgement means done
			})
			play(w)
			w.settled()
			golden(t, name+".json", w.record())
		})
	}
}

func TestGoldenManifest(t *testing.T) {
	b, err := theBot()
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]slack.ManifestOptions{
		"manifest-socket.json":  {Bot: b},
		"manifest-http.json":    {HTTP: "https://kap.example.org", Bot: b},
		"manifest-install.json": {HTTP: "https://kap.example.org/", Install: true, Bot: b},
	} {
		data, err := slack.Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, data)
	}
}

func (w *world) mention(text string) {
	w.t.Helper()
	w.deliver(slackfake.Mention("C1", "U1", text))
}

func (w *world) command(text string) {
	w.t.Helper()
	w.deliver(slackfake.Slash("C1", "U1", "/kap", text, w.fake.ResponseURL()))
}

func (w *world) press(m slackfake.Message, action, state slackfake.Fields) {
	w.t.Helper()
	e := slackfake.Press("U1", m, w.fake.ResponseURL(), action)
	if state != nil {
		e = altered(e, func(p, _ map[string]any) { p["state"] = slackfake.Fields{"values": state} })
	}
	if m.EphemeralTo != "" {
		e = altered(e, func(p, _ map[string]any) { delete(p, "message") })
	}
	w.deliver(e)
}

func (w *world) pressIn(channel, id string) { w.t.Helper(); w.pressAs("U1", channel, id) }

// pressAs presses a button of the first answer in a channel, with the value that it has.
func (w *world) pressAs(user, channel, id string) {
	w.t.Helper()
	m := w.fake.Messages(channel)[0]
	value := valueOf(w.t, m.Blocks, id)
	w.deliver(slackfake.Press(user, m, w.fake.ResponseURL(), slackfake.Fields{"action_id": id, "type": "button", "value": value}))
}

func (w *world) rate(verdict string) {
	w.t.Helper()
	m := w.fake.Messages("C1")[0]
	w.deliver(slackfake.Press("U1", m, w.fake.ResponseURL(), slackfake.Fields{"action_id": "rate", "type": "feedback_buttons", "value": verdict}))
}

func (w *world) shortcut(text string) slackfake.View {
	w.t.Helper()
	ts := w.fake.Say("C1", "U9", text, "")
	w.deliver(slackfake.Shortcut("answer_with_kap", "U1", "C1", ts, text, w.fake.ResponseURL()))
	v, ok := w.fake.LastView()
	if !ok {
		w.t.Fatalf("no modal\nlog: %s", w.log)
	}
	return v
}

// valueOf finds a button in blocks.
func valueOf(t *testing.T, blocks []byte, id string) string {
	t.Helper()
	var list []struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	}
	if err := json.Unmarshal(blocks, &list); err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		for _, e := range b.Elements {
			if e.ActionID == id {
				return e.Value
			}
		}
	}
	t.Fatalf("no button %q in %s", id, blocks)
	return ""
}
