package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// MaxSize is how large a configuration file may be, in bytes.
const MaxSize = 1 << 20

// Read reads the file at path, then the overrides in environ ("NAME=value", as
// os.Environ has it). With path "" there is only the environment. It returns
// what it could make out together with everything that is wrong with it; the
// Config may be used if Problems.Err is nil.
func Read(path string, environ []string) (Config, Problems) {
	if path == "" {
		return Parse("", nil, environ)
	}
	data, err := readAll(path)
	if err != nil {
		c := Default()
		c.File = path
		return c, Problems{{File: path, What: err.Error()}}
	}
	c, problems := Parse(path, data, environ)
	return c, append(problems, exposed(c)...)
}

// Parse reads a configuration that is already in memory; file is its name in
// Problems, and relative paths of secrets start at its folder.
func Parse(file string, data []byte, environ []string) (Config, Problems) {
	r := newReader(file, environ)
	r.file(data)
	r.environment()
	r.together()
	r.problems.sort()
	return *r.config, r.problems
}

func readAll(path string) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file; `kapbot init` writes one")
	case err != nil:
		return nil, fmt.Errorf("cannot be opened: %w", errors.Unwrap(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", errors.Unwrap(err))
	case len(data) > MaxSize:
		return nil, errors.New("is larger than 1 MiB; is it the right file?")
	}
	return data, nil
}

// reader collects a Config and what is wrong with it.
type reader struct {
	name     string
	env      map[string]string
	used     map[string]bool // variables that env:NAME named
	config   *Config
	keys     []key
	lines    map[string]int
	problems Problems
}

func newReader(name string, environ []string) *reader {
	c := Default()
	c.File = name
	r := &reader{name: name, env: map[string]string{}, used: map[string]bool{}, config: &c, lines: map[string]int{}}
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok {
			r.env[k] = v
		}
	}
	r.keys = keys(&c, filepath.Dir(name), func(n string) (string, bool) {
		r.used[n] = true
		v, ok := r.env[n]
		return v, ok
	})
	return r
}

func (r *reader) key(name string) (key, bool) {
	i := slices.IndexFunc(r.keys, func(k key) bool { return k.name == name })
	if i < 0 {
		return key{}, false
	}
	return r.keys[i], true
}

// report notes a problem of a key of the file.
func (r *reader) report(name, what string) {
	r.problems = append(r.problems, Problem{File: r.name, Line: r.lines[name], Key: name, What: what})
}

func (r *reader) file(data []byte) {
	if !utf8.Valid(data) {
		r.problems = append(r.problems, Problem{File: r.name, Line: badLine(data), What: "is not UTF-8 here; save the file as UTF-8"})
		return
	}
	// A byte order mark is left by some editors on Windows.
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	tree := map[string]any{}
	if err := toml.Unmarshal(data, &tree); err != nil {
		r.problems = append(r.problems, syntax(r.name, err))
		return
	}
	r.lines = lines(data)
	r.table("", tree)
}

// badLine is the number of the first line that is not UTF-8.
func badLine(data []byte) int {
	n := 1
	for line := range bytes.Lines(data) {
		if !utf8.Valid(line) {
			break
		}
		n++
	}
	return n
}

func syntax(file string, err error) Problem {
	p := Problem{File: file, What: strings.TrimPrefix(err.Error(), "toml: ")}
	var d *toml.DecodeError
	if errors.As(err, &d) {
		p.Line, _ = d.Position()
		p.What = strings.TrimPrefix(d.Error(), "toml: ")
	}
	p.What += "; is not TOML, compare with config.example.toml"
	return p
}

// table reads the keys of one table; prefix is its name and a point.
func (r *reader) table(prefix string, tree map[string]any) {
	for _, k := range slices.Sorted(maps.Keys(tree)) {
		name, v := prefix+k, tree[k]
		inner, isTable := v.(map[string]any)
		switch known, ok := r.key(name); {
		case ok:
			r.apply(known, v)
		case isTable && prefix == "" && slices.Contains(tables(r.keys), name):
			r.table(name+".", inner)
		case prefix == "" && slices.Contains(tables(r.keys), name):
			r.report(name, fmt.Sprintf("is a table; write [%s] on a line of its own", name))
		default:
			r.unknown(name, prefix, isTable)
		}
	}
}

func (r *reader) apply(k key, v any) {
	switch err := k.value.set(v); {
	case err == nil:
	case mistake(err):
		r.report(k.name, err.Error())
	default:
		r.report(k.name, err.Error())
		r.problems[len(r.problems)-1].Warning = true
	}
}

func (r *reader) unknown(name, prefix string, isTable bool) {
	what := "is not a setting"
	var candidates []string
	if isTable {
		what = "is not a table of settings"
		candidates = tables(r.keys)
	} else {
		for _, k := range r.keys {
			candidates = append(candidates, k.name)
		}
	}
	near := nearest(name, candidates)
	// A right key under the wrong table is nearer than any misspelling.
	bare := strings.TrimPrefix(name, prefix)
	for _, c := range candidates {
		if _, last, ok := strings.Cut(c, "."); (ok && last == bare) || c == bare {
			near = c
			break
		}
	}
	if near != "" {
		what += fmt.Sprintf("; did you mean %s?", near)
	} else {
		what += "; config.example.toml lists all there are"
	}
	r.report(name, what)
}

// environment applies the overrides.
func (r *reader) environment() {
	for _, k := range r.keys {
		v, ok := r.env[k.env()]
		if !ok || v == "" && !k.empty {
			continue
		}
		if err := k.value.parse(v); err != nil {
			r.problems = append(r.problems, Problem{Key: k.env() + " (environment)", What: err.Error(), Warning: !mistake(err)})
		}
		r.lines[k.name] = max(r.lines[k.name], 0)
	}
	r.misspelt()
}

// misspelt warns of variables that look like an override with a typing error.
// Others that begin with KAPBOT_ may be anything: an orchestrator's, or a
// secret that env:NAME names.
func (r *reader) misspelt() {
	var names []string
	for _, k := range r.keys {
		names = append(names, k.env())
	}
	for _, name := range slices.Sorted(maps.Keys(r.env)) {
		if !strings.HasPrefix(name, "KAPBOT_") || slices.Contains(names, name) || r.used[name] {
			continue
		}
		if near := nearest(name, names); near != "" && distance(name, near) <= 2 {
			r.problems = append(r.problems, Problem{Key: name + " (environment)", Warning: true,
				What: fmt.Sprintf("is not a setting; did you mean %s?", near)})
		}
	}
}
