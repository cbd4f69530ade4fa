package slackfake

import (
	"encoding/json"
	"fmt"
	"unicode/utf16"
)

// Slack's limits, from docs.slack.dev/reference/block-kit and
// docs.slack.dev/reference/views. Lengths count UTF-16 units, as Slack does.
const (
	MaxText          = 40000 // the fallback text of a message; past 4,000 Slack may cut
	MaxMessageBlocks = 50
	MaxViewBlocks    = 100
	MaxSection       = 3000
	MaxHeader        = 150
	MaxContext       = 10 // elements
	MaxContextText   = 2000
	MaxActions       = 25 // elements
	MaxButton        = 75
	MaxButtonValue   = 2000
	MaxActionID      = 255
	MaxBlockID       = 255
	MaxURL           = 3000
	MaxViewTitle     = 24
	MaxViewMetadata  = 3000
	MaxOption        = 75
	MaxOptionValue   = 150
	MaxCheckboxes    = 10
	MaxSelectOptions = 100
)

// Length is the length of a text as Slack counts it.
func Length(text string) int { return len(utf16.Encode([]rune(text))) }

// CheckMessage returns what Slack would refuse about a message, nothing if it is fine.
func CheckMessage(text string, blocks []byte) []string {
	c := &checker{}
	if text == "" {
		c.add("text: missing (no fallback for notifications and screen readers)")
	}
	c.text("text", text, MaxText)
	c.blocks(blocks, MaxMessageBlocks)
	return c.faults
}

// CheckView returns what Slack would refuse about a modal or an App Home.
func CheckView(view []byte) []string {
	var v struct {
		Type            string          `json:"type"`
		Title           *textObject     `json:"title"`
		Submit          *textObject     `json:"submit"`
		Close           *textObject     `json:"close"`
		CallbackID      string          `json:"callback_id"`
		PrivateMetadata string          `json:"private_metadata"`
		Blocks          json.RawMessage `json:"blocks"`
	}
	c := &checker{}
	if err := json.Unmarshal(view, &v); err != nil {
		c.add("view: %v", err)
		return c.faults
	}
	if v.Type == "modal" {
		if v.Title == nil {
			c.add("view.title: missing")
		}
		c.label("view.title", v.Title, MaxViewTitle)
		c.label("view.submit", v.Submit, MaxViewTitle)
		c.label("view.close", v.Close, MaxViewTitle)
	}
	c.text("view.callback_id", v.CallbackID, MaxActionID)
	c.text("view.private_metadata", v.PrivateMetadata, MaxViewMetadata)
	c.blocks(v.Blocks, MaxViewBlocks)
	return c.faults
}

type checker struct {
	faults  []string
	ids     map[string]bool
	actions map[string]bool
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type block struct {
	Type     string      `json:"type"`
	BlockID  string      `json:"block_id"`
	Text     *textObject `json:"text"`
	Fields   []textObject
	Elements json.RawMessage `json:"elements"`
	Element  *element        `json:"element"`
	Label    *textObject     `json:"label"`
	Access   *element        `json:"accessory"`
}

type element struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"`
	ActionID string          `json:"action_id"`
	Value    string          `json:"value"`
	URL      string          `json:"url"`
	Label    string          `json:"accessibility_label"`
	Options  []option        `json:"options"`
	Initial  []option        `json:"initial_options"`
	Positive *element        `json:"positive_button"`
	Negative *element        `json:"negative_button"`
}

type option struct {
	Text        textObject  `json:"text"`
	Value       string      `json:"value"`
	Description *textObject `json:"description"`
}

func (c *checker) add(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) text(where, text string, limit int) {
	if n := Length(text); n > limit {
		c.add("%s: %d characters, limit %d", where, n, limit)
	}
}

func (c *checker) label(where string, t *textObject, limit int) {
	if t == nil {
		return
	}
	if t.Text == "" {
		c.add("%s: empty", where)
	}
	if t.Type != "plain_text" {
		c.add("%s: %s where plain_text is needed", where, t.Type)
	}
	c.text(where, t.Text, limit)
}

func (c *checker) blocks(data []byte, limit int) {
	if len(data) == 0 {
		return
	}
	var list []block
	if err := json.Unmarshal(data, &list); err != nil {
		c.add("blocks: %v", err)
		return
	}
	if len(list) > limit {
		c.add("blocks: %d, limit %d", len(list), limit)
	}
	c.ids = map[string]bool{}
	for i, b := range list {
		where := fmt.Sprintf("blocks[%d] %s", i, b.Type)
		c.text(where+".block_id", b.BlockID, MaxBlockID)
		if b.BlockID != "" && c.ids[b.BlockID] {
			c.add("%s: block_id %q twice", where, b.BlockID)
		}
		c.ids[b.BlockID] = true
		c.block(where, b)
	}
}

func (c *checker) block(where string, b block) {
	c.actions = map[string]bool{}
	switch b.Type {
	case "header":
		c.label(where, b.Text, MaxHeader)
	case "section":
		if b.Text == nil || b.Text.Text == "" {
			c.add("%s: no text", where)
			return
		}
		c.text(where, b.Text.Text, MaxSection)
		if b.Access != nil {
			c.element(where+".accessory", *b.Access)
		}
	case "context":
		c.contextElements(where, b.Elements)
	case "actions", "context_actions":
		c.elements(where, b.Elements)
	case "input":
		c.label(where+".label", b.Label, 2000)
		if b.Element == nil {
			c.add("%s: no element", where)
			return
		}
		c.element(where+".element", *b.Element)
	case "rich_text":
		c.richText(where, b.Elements)
	case "divider":
	default:
		c.add("%s: a block type that the fake does not know", where)
	}
}

// richText checks a rich text block: what it is made of, and that it is no longer
// than a section. Slack names no limit for it.
func (c *checker) richText(where string, data json.RawMessage) {
	var parts []struct {
		Type     string          `json:"type"`
		Style    json.RawMessage `json:"style"`
		Elements json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(data, &parts); err != nil || len(parts) == 0 {
		c.add("%s: no elements", where)
		return
	}
	total := 0
	for i, p := range parts {
		where := fmt.Sprintf("%s.elements[%d] %s", where, i, p.Type)
		switch p.Type {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			total += c.richElements(where, p.Elements)
		case "rich_text_list":
			var items []struct {
				Type     string          `json:"type"`
				Elements json.RawMessage `json:"elements"`
			}
			if err := json.Unmarshal(p.Elements, &items); err != nil || len(items) == 0 {
				c.add("%s: no items", where)
			}
			for _, item := range items {
				if item.Type != "rich_text_section" {
					c.add("%s: an item is a %s", where, item.Type)
				}
				total += c.richElements(where, item.Elements)
			}
		default:
			c.add("%s: an element type that the fake does not know", where)
		}
	}
	if total > MaxSection {
		c.add("%s: %d characters, limit %d", where, total, MaxSection)
	}
}

func (c *checker) richElements(where string, data json.RawMessage) int {
	var list []struct {
		Type, Text, URL string
		UserID          string `json:"user_id"`
		ChannelID       string `json:"channel_id"`
	}
	if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 {
		c.add("%s: no elements", where)
	}
	n := 0
	for _, e := range list {
		switch {
		case e.Type == "text" && e.Text == "", e.Type == "link" && e.URL == "", e.Type == "user" && e.UserID == "", e.Type == "channel" && e.ChannelID == "":
			c.add("%s: an empty %s", where, e.Type)
		case e.Type == "text", e.Type == "link", e.Type == "user", e.Type == "channel":
		default:
			c.add("%s: an element %q that the fake does not know", where, e.Type)
		}
		n += Length(e.Text)
	}
	return n
}

func (c *checker) contextElements(where string, data json.RawMessage) {
	var texts []textObject
	if err := json.Unmarshal(data, &texts); err != nil {
		c.add("%s: %v", where, err)
		return
	}
	if len(texts) == 0 || len(texts) > MaxContext {
		c.add("%s: %d elements, limit %d", where, len(texts), MaxContext)
	}
	for _, t := range texts {
		if t.Text == "" {
			c.add("%s: empty text", where)
		}
		c.text(where, t.Text, MaxContextText)
	}
}

func (c *checker) elements(where string, data json.RawMessage) {
	var list []element
	if err := json.Unmarshal(data, &list); err != nil {
		c.add("%s: %v", where, err)
		return
	}
	if len(list) == 0 || len(list) > MaxActions {
		c.add("%s: %d elements, limit %d", where, len(list), MaxActions)
	}
	for i, e := range list {
		c.element(fmt.Sprintf("%s.elements[%d] %s", where, i, e.Type), e)
	}
}

func (c *checker) element(where string, e element) {
	c.text(where+".action_id", e.ActionID, MaxActionID)
	if e.ActionID != "" && c.actions[e.ActionID] {
		c.add("%s: action_id %q twice in one block", where, e.ActionID)
	}
	c.actions[e.ActionID] = true
	c.text(where+".value", e.Value, MaxButtonValue)
	c.text(where+".url", e.URL, MaxURL)
	c.text(where+".accessibility_label", e.Label, MaxButton)
	switch e.Type {
	case "button":
		var t textObject
		if json.Unmarshal(e.Text, &t) != nil {
			c.add("%s: no text", where)
		}
		c.label(where, &t, MaxButton)
	case "checkboxes", "radio_buttons":
		c.options(where, e.Options, MaxCheckboxes)
	case "static_select":
		c.options(where, e.Options, MaxSelectOptions)
	case "feedback_buttons":
		if e.Positive == nil || e.Negative == nil {
			c.add("%s: needs both buttons", where)
		}
	}
}

func (c *checker) options(where string, list []option, limit int) {
	if len(list) == 0 || len(list) > limit {
		c.add("%s: %d options, limit %d", where, len(list), limit)
	}
	for _, o := range list {
		if o.Text.Text == "" {
			c.add("%s: an option without text", where)
		}
		c.text(where+" option", o.Text.Text, MaxOption)
		c.text(where+" option value", o.Value, MaxOptionValue)
		if o.Description != nil {
			c.text(where+" option description", o.Description.Text, MaxOption)
		}
	}
}
