package bot

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed words/commands.toml
var commandsText string

// CommandWord names a command or an option of one.
type CommandWord struct {
	Name string `toml:"name"`
	Text string `toml:"text"` // its description
}

// CommandWords are the names of commands by language ("en"), then by what
// they name ("ask").
type CommandWords map[string]map[string]CommandWord

// Commands returns the built-in names of commands. They are read once; callers
// must not change them.
var Commands = sync.OnceValue(func() CommandWords {
	c, err := ParseCommands("words/commands.toml", commandsText)
	if err != nil {
		panic(err) // the file is part of the program; a test reads it
	}
	return c
})

// ParseCommands reads names of commands. Each language must name all that
// English names, so that none is forgotten.
func ParseCommands(name, text string) (CommandWords, error) {
	var c CommandWords
	if err := toml.NewDecoder(strings.NewReader(text)).DisallowUnknownFields().Decode(&c); err != nil {
		return nil, fmt.Errorf("read commands %s: %w", name, err)
	}
	for language, words := range c {
		for key := range c["en"] {
			if words[key].Name == "" {
				return nil, fmt.Errorf("read commands %s: [%s] does not name %q", name, language, key)
			}
		}
	}
	return c, nil
}
