package slack_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seenPage shows what a person sees: the golden payloads, drawn as text.
var seenPage = filepath.Join("..", "..", "docs", "slack-messages.md")

// scenes are the golden files that the page shows, in order.
var scenes = []struct{ file, title, about string }{
	{"messages-tab", "Opening the Messages tab for the first time", "Four prompts to press, and a greeting."},
	{"mention-answer", "An answer in a thread", "Somebody mentioned the bot in a channel. The sentence that matches is bold."},
	{"mention-clarify", "Did you mean", "A button puts the topic in place of this message."},
	{"mention-not-covered", "Not covered", "The most frequent reply."},
	{"mention-redirect", "A question for a dose", "Only its asker sees it."},
	{"mention-crisis", "Someone may be in danger", "Only they see the first message. The second goes to the moderators' channel."},
	{"direct-emergency", "An emergency in a direct message", ""},
	{"command-answer", "/kap with a question", "Only its asker sees it, until they share it."},
	{"command-checklist", "/kap checklist", "Ticking an item changes the message; nothing is stored."},
	{"checklist-ticked", "The checklist with two items ticked", ""},
	{"button-not-helpful", "Not helpful", "What was pressed, and the reasons to choose from. There is nowhere to type."},
	{"shortcut", "The message shortcut", "A modal, before anything is posted."},
	{"home", "The Home tab", ""},
	{"direct-slow-down", "Too many messages", ""},
}

// The page of messages in the docs is drawn from the golden files.
func TestGoldenPage(t *testing.T) {
	var page strings.Builder
	page.WriteString("# What people see in Slack\n\nDrawn from the payloads that the tests send, by `go test ./adapters/slack -run Golden -update`.\n" +
		"`┃` is a quotation, `[ ]` a button, `☐` a checkbox, small print is in `( )`.\n")
	for _, s := range scenes {
		data, err := os.ReadFile(filepath.Join("testdata", "golden", s.file+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var calls []sent
		if err := json.Unmarshal(data, &calls); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&page, "\n## %s\n\n", s.title)
		if s.about != "" {
			page.WriteString(s.about + "\n\n")
		}
		page.WriteString("```text\n" + drawn(calls) + "```\n")
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(seenPage), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(seenPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(seenPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("%s is not what the golden files show: go test ./adapters/slack -run Golden -update\n%s", seenPage, diff)
	}
}

// shape is a block or an element, as far as a drawing needs it.
type shape struct {
	Type     string            `json:"type"`
	Text     json.RawMessage   `json:"text"`
	URL      string            `json:"url"`
	User     string            `json:"user_id"`
	Channel  string            `json:"channel_id"`
	Elements []shape           `json:"elements"`
	Options  []shape           `json:"options"`
	Initial  []json.RawMessage `json:"initial_options"`
	Submit   *shape            `json:"submit"`
	Positive *shape            `json:"positive_button"`
	Negative *shape            `json:"negative_button"`
	Value    string            `json:"value"`
	Style    json.RawMessage   `json:"style"`
	Blocks   []shape           `json:"blocks"`
	Title    *shape            `json:"title"`
}

// says is the text of a shape, whether it stands alone or in a text object.
func (s shape) says() string {
	var text string
	if len(s.Text) == 0 || json.Unmarshal(s.Text, &text) == nil {
		return text
	}
	var inner shape
	_ = json.Unmarshal(s.Text, &inner)
	return inner.says()
}

func drawn(calls []sent) string {
	var out strings.Builder
	for _, c := range calls {
		data, _ := json.Marshal(c.Args)
		var m struct {
			Blocks  []shape
			View    shape
			Prompts []struct{ Title string }
			Channel string
		}
		_ = json.Unmarshal(data, &m)
		switch {
		case c.Method == "conversations.history":
			continue
		case out.Len() > 0:
			out.WriteString("────\n")
		}
		for _, p := range m.Prompts {
			out.WriteString("[ " + p.Title + " ]\n")
		}
		if m.View.Title != nil {
			out.WriteString("═ " + m.View.Title.says() + " ═\n")
		}
		for _, b := range append(m.Blocks, m.View.Blocks...) {
			out.WriteString(b.draw())
		}
		if m.View.Submit != nil {
			out.WriteString("[ " + m.View.Submit.says() + " ]\n")
		}
	}
	return out.String()
}

// draw draws one block, each part on lines of its own.
func (s shape) draw() string {
	switch s.Type {
	case "header":
		return "# " + s.says() + "\n"
	case "context":
		var parts []string
		for _, e := range s.Elements {
			parts = append(parts, e.says())
		}
		return folded("(", strings.Join(parts, "; ")+")")
	case "actions", "context_actions":
		return s.row()
	}
	var out strings.Builder
	for _, e := range s.Elements {
		switch e.Type {
		case "rich_text_quote":
			out.WriteString(folded("┃ ", e.run()))
		case "rich_text_list":
			for _, item := range e.Elements {
				out.WriteString(folded("• ", item.run()))
			}
		default:
			out.WriteString(folded("", e.run()))
		}
	}
	return out.String()
}

func (s shape) row() string {
	var out strings.Builder
	for _, e := range s.Elements {
		switch e.Type {
		case "checkboxes":
			for _, o := range e.Options {
				box := "☐ "
				for _, i := range e.Initial {
					if strings.Contains(string(i), `"value":"`+o.Value+`"`) {
						box = "☑ "
					}
				}
				out.WriteString(box + o.says() + "\n")
			}
		case "feedback_buttons":
			out.WriteString("[ 👍 " + e.Positive.says() + " ] [ 👎 " + e.Negative.says() + " ]\n")
		default:
			out.WriteString("[ " + e.says() + " ]\n")
		}
	}
	return out.String()
}

// run is the text of rich text, bold in asterisks.
func (s shape) run() string {
	var out strings.Builder
	for _, e := range s.Elements {
		text := e.says() + e.User + e.Channel
		if strings.Contains(string(e.Style), `"bold":true`) {
			text = "*" + text + "*"
		}
		out.WriteString(text)
	}
	return out.String()
}

// folded breaks text into lines of about 90 characters, each after the mark.
func folded(mark, text string) string {
	var out strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := mark
		for _, word := range strings.Fields(paragraph) {
			if len(line)+len(word) > 90 {
				out.WriteString(strings.TrimRight(line, " ") + "\n")
				line = mark
				if mark == "• " || mark == "(" {
					line = "  "
				}
			}
			line += word + " "
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return out.String()
}
