package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	command = regexp.MustCompile(`(?m)(?:^ {4}|\x60)kapbot ([a-z]+(?: [a-z]+)?)`)
)

// TestDocs follows the links of all pages and looks up each command that they name.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
		for _, m := range command.FindAllStringSubmatch(string(text), -1) {
			if !isCommand(strings.Fields(m[1])) {
				t.Errorf("%s names the command %q, which is not there", page, m[1])
			}
		}
	}
}

// isCommand reports whether words begin with a command of kapbot.
func isCommand(words []string) bool {
	root := newRoot(streams{strings.NewReader(""), io.Discard, io.Discard})
	found, _, err := root.Find(words)
	return err == nil && found != root || words[0] == "help" || words[0] == "completion"
}
