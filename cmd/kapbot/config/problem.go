package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in the configuration, with the way out.
type Problem struct {
	File string // "" if it came from the environment
	Line int    // 0 if it belongs to no line
	Key  string // "slack.mode", or "" if it belongs to no key
	What string // what is wrong; how to mend it
	// Warning says that kapbot works all the same.
	Warning bool
	// Open says that a file with a secret in it can be read by everyone. It is a
	// warning to `kapbot serve` and a mistake to `kapbot check`.
	Open bool
}

// String is the problem in one line: "config.toml:12: slack.mode: …".
func (p Problem) String() string {
	var b strings.Builder
	switch {
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	case p.File != "":
		fmt.Fprintf(&b, "%s: ", p.File)
	}
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.What)
	return b.String()
}

// Problems are all that is wrong with a configuration, in the order of its lines.
type Problems []Problem

// Err returns the problems that keep kapbot from working as one error with a
// line for each, or nil.
func (ps Problems) Err() error {
	var lines []string
	for _, p := range ps {
		if !p.Warning {
			lines = append(lines, p.String())
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(b.File, a.File), cmp.Compare(a.Line, b.Line))
	})
}
