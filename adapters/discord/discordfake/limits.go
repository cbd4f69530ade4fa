package discordfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf16"
)

// Limits of messages, as the platform documents them.
const (
	maxContent    = 2000
	maxText       = 4000 // all text displays of a message together
	maxComponents = 40   // of every depth
	maxNonce      = 25
)

// component is any component, the fields of all kinds together.
type component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id"`
	Label       string      `json:"label"`
	Style       int         `json:"style"`
	URL         string      `json:"url"`
	Content     *string     `json:"content"`
	Placeholder string      `json:"placeholder"`
	MinValues   *int        `json:"min_values"`
	MaxValues   *int        `json:"max_values"`
	Components  []component `json:"components"`
	Accessory   *component  `json:"accessory"`
	Options     []struct {
		Label       string  `json:"label"`
		Value       string  `json:"value"`
		Description *string `json:"description"`
	} `json:"options"`
	DefaultValues []struct {
		ID string `json:"id"`
	} `json:"default_values"`
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

// checkMessage holds a message to the limits.
func checkMessage(o outgoing) error {
	if n := length(o.nonce()); n > maxNonce && string(o.Nonce) != "null" {
		return fmt.Errorf("nonce: %d characters, at most %d", n, maxNonce)
	}
	if n := length(o.Content); n > maxContent {
		return fmt.Errorf("content: %d characters, at most %d", n, maxContent)
	}
	var parts []component
	if o.Components != nil {
		if err := json.Unmarshal(o.Components, &parts); err != nil {
			return fmt.Errorf("components: %w", err)
		}
	}
	v2 := o.Flags&flagV2 != 0
	if v2 && o.Content != "" {
		return errors.New("content: cannot be used with IS_COMPONENTS_V2")
	}
	if !v2 && o.Content == "" {
		return errors.New("cannot send an empty message (50006)")
	}
	if v2 && len(parts) == 0 {
		return errors.New("components: required with IS_COMPONENTS_V2")
	}
	t := tally{ids: map[string]bool{}, v2: v2}
	for _, c := range parts {
		if err := t.check(c, true); err != nil {
			return err
		}
	}
	if t.count > maxComponents {
		return fmt.Errorf("components: %d, at most %d", t.count, maxComponents)
	}
	if t.text > maxText {
		return fmt.Errorf("components: %d characters of text, at most %d", t.text, maxText)
	}
	return nil
}

// tally counts over the whole tree.
type tally struct {
	v2          bool
	count, text int
	ids         map[string]bool
}

func (t *tally) check(c component, top bool) error {
	t.count++
	if c.CustomID != "" {
		if t.ids[c.CustomID] {
			return fmt.Errorf("custom_id %q: used twice", c.CustomID)
		}
		t.ids[c.CustomID] = true
	}
	if n := length(c.CustomID); n > 100 {
		return fmt.Errorf("custom_id: %d characters, at most 100", n)
	}
	switch c.Type {
	case 1:
		return t.row(c)
	case 2:
		return button(c)
	case 3, 5, 6, 7, 8:
		return menu(c)
	case 10:
		if !t.v2 || c.Content == nil || *c.Content == "" {
			return errors.New("text display: needs text, and IS_COMPONENTS_V2")
		}
		t.text += length(*c.Content)
		return nil
	case 9, 14, 17:
		return t.layout(c, top)
	}
	return fmt.Errorf("component type %d", c.Type)
}

func (t *tally) row(c component) error {
	if len(c.Components) < 1 || len(c.Components) > 5 {
		return fmt.Errorf("action row: %d components, 1 to 5", len(c.Components))
	}
	for _, child := range c.Components {
		if child.Type != 2 && len(c.Components) > 1 {
			return errors.New("action row: a select menu stands alone")
		}
		if err := t.check(child, false); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) layout(c component, top bool) error {
	switch {
	case !t.v2:
		return fmt.Errorf("component type %d: needs IS_COMPONENTS_V2", c.Type)
	case c.Type == 17 && (!top || len(c.Components) == 0):
		return errors.New("container: stands at the top and holds something")
	case c.Type == 9 && (c.Accessory == nil || len(c.Components) < 1 || len(c.Components) > 3):
		return errors.New("section: 1 to 3 texts and an accessory")
	}
	for _, child := range c.Components {
		if err := t.check(child, false); err != nil {
			return err
		}
	}
	if c.Accessory != nil {
		return t.check(*c.Accessory, false)
	}
	return nil
}

func button(c component) error {
	switch {
	case c.Label == "" || length(c.Label) > 80:
		return fmt.Errorf("button label: %d characters, 1 to 80", length(c.Label))
	case c.Style == 5 && (c.URL == "" || length(c.URL) > 512 || c.CustomID != ""):
		return errors.New("link button: a URL of at most 512 and no custom_id")
	case c.Style != 5 && (c.CustomID == "" || c.URL != ""):
		return errors.New("button: a custom_id and no URL")
	case c.Style < 1 || c.Style > 5:
		return fmt.Errorf("button style %d", c.Style)
	}
	return nil
}

func menu(c component) error {
	if c.CustomID == "" || length(c.Placeholder) > 150 {
		return errors.New("select menu: a custom_id and a placeholder of at most 150")
	}
	if c.Type == 3 && (len(c.Options) < 1 || len(c.Options) > 25) {
		return fmt.Errorf("select menu: %d options, 1 to 25", len(c.Options))
	}
	if c.MaxValues != nil && (*c.MaxValues < 1 || *c.MaxValues > 25 || c.Type == 3 && *c.MaxValues > len(c.Options)) {
		return fmt.Errorf("select menu: max_values %d", *c.MaxValues)
	}
	seen := map[string]bool{}
	for _, o := range c.Options {
		if o.Label == "" || length(o.Label) > 100 || o.Value == "" || length(o.Value) > 100 {
			return fmt.Errorf("select option %q: label and value of 1 to 100", o.Label)
		}
		if o.Description != nil && (*o.Description == "" || length(*o.Description) > 100) {
			return fmt.Errorf("select option %q: description of 1 to 100", o.Label)
		}
		if seen[o.Value] {
			return fmt.Errorf("select option %q: value used twice", o.Value)
		}
		seen[o.Value] = true
	}
	return nil
}

// checkCallback holds the first answer to what its type may carry.
func checkCallback(in *Interaction, c callback, o outgoing) error {
	kind, _ := in.Payload["type"].(int)
	switch c.Type {
	case 4:
		return checkMessage(o)
	case 7:
		if kind != 3 {
			return errors.New("type 7 answers a component")
		}
		return checkMessage(o)
	case 5:
		return nil
	case 6:
		if kind != 3 {
			return errors.New("type 6 answers a component")
		}
		return nil
	case 8:
		if kind != 4 {
			return errors.New("type 8 answers an autocompletion")
		}
		return checkChoices(c.Data)
	case 9:
		return nil
	}
	return fmt.Errorf("type %d", c.Type)
}

func checkChoices(data json.RawMessage) error {
	var d struct {
		Choices []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return err
	}
	if len(d.Choices) > 25 {
		return fmt.Errorf("choices: %d, at most 25", len(d.Choices))
	}
	for _, c := range d.Choices {
		if c.Name == "" || length(c.Name) > 100 || length(c.Value) > 100 {
			return fmt.Errorf("choice %q: name of 1 to 100, value of at most 100", c.Name)
		}
	}
	return nil
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// checkCommands holds the commands to their limits.
func checkCommands(commands []map[string]any) error {
	if len(commands) > 100 {
		return fmt.Errorf("%d commands, at most 100", len(commands))
	}
	for _, c := range commands {
		name, _ := c["name"].(string)
		kind, _ := c["type"].(float64)
		if kind == 0 || kind == 1 {
			if err := checkOption(c); err != nil {
				return err
			}
		} else if name == "" || length(name) > 32 {
			return fmt.Errorf("command %q: name of 1 to 32", name)
		}
	}
	return nil
}

// checkOption checks a chat command or an option of one, with what is inside.
func checkOption(o map[string]any) error {
	name, _ := o["name"].(string)
	text, _ := o["description"].(string)
	if !commandName.MatchString(name) {
		return fmt.Errorf("name %q", name)
	}
	if text == "" || length(text) > 100 {
		return fmt.Errorf("%s: description of 1 to 100", name)
	}
	options, _ := o["options"].([]any)
	if len(options) > 25 {
		return fmt.Errorf("%s: %d options, at most 25", name, len(options))
	}
	optional := false
	for _, child := range options {
		m, _ := child.(map[string]any)
		required, _ := m["required"].(bool)
		if required && optional {
			return fmt.Errorf("%s: required options come first", name)
		}
		optional = optional || !required
		if err := checkOption(m); err != nil {
			return err
		}
	}
	return nil
}
