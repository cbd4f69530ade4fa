package bot

import (
	"testing"
	"unicode/utf8"
)

// Every language names every command, within the lengths that platforms allow.
func TestCommandsAreNamedInEachLanguage(t *testing.T) {
	commands := Commands()
	for _, language := range []string{"en", "es"} {
		for key := range commands["en"] {
			w := commands[language][key]
			if n := utf8.RuneCountInString(w.Name); n < 1 || n > 32 {
				t.Errorf("[%s] %s: the name has %d characters, 1 to 32 are allowed", language, key, n)
			}
			if n := utf8.RuneCountInString(w.Text); n > 100 {
				t.Errorf("[%s] %s: the description has %d characters, 100 are allowed", language, key, n)
			}
		}
	}
}

func TestCommandsThatAreForgotten(t *testing.T) {
	if _, err := ParseCommands("x", "[en]\nask={name='ask'}\n[es]\n"); err == nil {
		t.Error("a language that does not name a command was read")
	}
}
