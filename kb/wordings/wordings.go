// Package wordings holds the ways in which people ask about each topic of the
// built-in document and each subject that it does not cover: one file a topic or
// subject, one wording a line. They are what the model that decides is fitted
// on, and never shown.
package wordings

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Files are the built-in document's wordings, a file a topic or subject.
//
//go:embed *.txt
var Files embed.FS

// Wording is one way in which people ask about a topic or subject.
type Wording struct {
	Label string // name of the topic or subject: the name of its file
	Text  string
	// Prior is what the conversation was about before, for a wording that
	// leans on it ("and for PTSD?"); the name of a topic or subject, or "".
	Prior string
	// Section is the last comment above it in its file: where it came from.
	Section string
}

// priorMark stands between what a conversation was about and what is asked next.
const priorMark = " => "

// Read reads every .txt file of a folder: one wording a line; empty
// lines and those that begin with # are passed over; "how-it-works => and for
// PTSD?" is asked after how-it-works. All mistakes are reported at once, in
// an error of one line each.
func Read(folder fs.FS) ([]Wording, error) {
	names, err := fs.Glob(folder, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("read wordings: %w", err)
	}
	known := map[string]bool{}
	for _, name := range names {
		known[strings.TrimSuffix(name, ".txt")] = true
	}
	r := reader{known: known, seen: map[Wording]string{}}
	for _, name := range names {
		src, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("read wordings: %w", err)
		}
		r.read(name, src)
	}
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("read wordings: %w", errors.Join(r.problems...))
	}
	return r.wordings, nil
}

type reader struct {
	known    map[string]bool
	seen     map[Wording]string // without its label: where it stands
	wordings []Wording
	problems []error
}

func (r *reader) read(file string, src []byte) {
	label := strings.TrimSuffix(path.Base(file), ".txt")
	section := ""
	lines := bufio.NewScanner(bytes.NewReader(src))
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		if text[0] == '#' {
			section = strings.TrimSpace(text[1:])
			continue
		}
		w := Wording{Text: text}
		if prior, rest, ok := strings.Cut(text, priorMark); ok {
			w.Prior, w.Text = strings.TrimSpace(prior), strings.TrimSpace(rest)
		}
		if w.Prior != "" && !r.known[w.Prior] {
			r.problem(file, n, "nothing is called %q; before => write the name of a file beside this one, without .txt", w.Prior)
			continue
		}
		key := Wording{Text: strings.ToLower(w.Text), Prior: w.Prior}
		if where := r.seen[key]; where != "" {
			r.problem(file, n, "%q stands in %s too; keep it in the file where it belongs, once", w.Text, where)
			continue
		}
		r.seen[key] = fmt.Sprintf("%s, line %d", file, n)
		w.Label, w.Section = label, section
		r.wordings = append(r.wordings, w)
	}
	if err := lines.Err(); err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: %w; keep lines shorter than 64 KiB", file, err))
	}
}

func (r *reader) problem(file string, line int, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d: "+format, append([]any{file, line}, args...)...))
}
