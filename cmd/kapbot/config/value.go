package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// value is a field of a Config as a key sees it.
type value interface {
	// set takes a value as TOML has it: a string, an int64, a bool, a []any …
	set(v any) error
	// parse takes a value as the environment has it.
	parse(s string) error
	// toml is the value as a TOML file would have it.
	toml() string
}

// rule judges a text; the error says what is wrong and what to write instead.
type rule func(string) error

// doubt is the error of a rule that a right value may break.
type doubt struct{ error }

func mistake(err error) bool { return err != nil && !errors.As(err, new(doubt)) }

// judge returns the first mistake, else the first doubt, else nil.
func judge(s string, rules []rule) error {
	var doubtful error
	for _, r := range rules {
		switch err := r(s); {
		case mistake(err):
			return err
		case doubtful == nil:
			doubtful = err
		}
	}
	return doubtful
}

type text struct {
	field *string
	rules []rule
}

func (t text) set(v any) error {
	s, ok := v.(string)
	if !ok {
		return wrongType("a text in quotes", v)
	}
	return t.parse(s)
}

func (t text) parse(s string) error {
	err := judge(s, t.rules)
	if !mistake(err) {
		*t.field = s
	}
	return err
}

func (t text) toml() string { return strconv.Quote(*t.field) }

type list struct {
	field *[]string
	rules []rule
}

func (l list) set(v any) error {
	items, ok := v.([]any)
	if !ok {
		return wrongType(`a list like ["one", "two"]`, v)
	}
	out := make([]string, 0, len(items))
	for i, item := range items {
		s, ok := item.(string)
		if !ok {
			return fmt.Errorf("item %d: %w", i+1, wrongType("a text in quotes", item))
		}
		out = append(out, s)
	}
	return l.keep(out)
}

func (l list) parse(s string) error {
	var out []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return l.keep(out)
}

func (l list) keep(items []string) error {
	for i, item := range items {
		if err := judge(item, l.rules); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	*l.field = items
	return nil
}

func (l list) toml() string {
	quoted := make([]string, len(*l.field))
	for i, s := range *l.field {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

type whole struct {
	field    *int
	min, max int64
}

func (w whole) set(v any) error {
	n, ok := v.(int64)
	if !ok {
		return wrongType("a whole number", v)
	}
	if n < w.min || n > w.max {
		return fmt.Errorf("%d is out of range; write a number from %d to %d", n, w.min, w.max)
	}
	*w.field = int(n)
	return nil
}

func (w whole) parse(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a whole number; write one from %d to %d", s, w.min, w.max)
	}
	return w.set(n)
}

func (w whole) toml() string { return strconv.Itoa(*w.field) }

type yesno struct{ field *bool }

func (y yesno) set(v any) error {
	b, ok := v.(bool)
	if !ok {
		return wrongType("true or false, without quotes", v)
	}
	*y.field = b
	return nil
}

func (y yesno) parse(s string) error {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return fmt.Errorf("%q is neither true nor false", s)
	}
	return y.set(b)
}

func (y yesno) toml() string { return strconv.FormatBool(*y.field) }

type secret struct {
	field  *Secret
	dir    string
	lookup func(string) (string, bool)
	rules  []rule
}

func (s secret) set(v any) error {
	written, ok := v.(string)
	if !ok {
		return wrongType(`a text in quotes, like "env:NAME" or "file:PATH"`, v)
	}
	return s.keep(written)
}

// parse takes a value from the environment, which is no worse a place for a
// secret than what env:NAME names.
func (s secret) parse(written string) error {
	err := s.keep(written)
	s.field.literal = false
	return err
}

func (s secret) keep(written string) error {
	got, err := resolve(written, s.dir, s.lookup)
	if err != nil {
		return err
	}
	err = judge(got.value, s.rules)
	if !mistake(err) {
		*s.field = got
	}
	return err
}

func (s secret) toml() string { return strconv.Quote(s.field.String()) }

// place is a secret that shows where it leads: the address of a database, which
// may hold a password.
type place struct{ secret }

func (p place) toml() string { return strconv.Quote(DescribeStore(*p.field)) }

func wrongType(want string, got any) error {
	return fmt.Errorf("wants %s, not %s", want, describe(got))
}

// describe names the type of a TOML value. It never shows the value, which may
// be a secret.
func describe(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a point"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return "a date or time"
	}
}

type level struct{ field *slog.Level }

func (l level) set(v any) error {
	s, ok := v.(string)
	if !ok {
		return wrongType("a text in quotes", v)
	}
	return l.parse(s)
}

func (l level) parse(s string) error {
	if err := oneOf("debug", "info", "warn", "error")(s); err != nil {
		return err
	}
	return l.field.UnmarshalText([]byte(s))
}

func (l level) toml() string { return strconv.Quote(strings.ToLower(l.field.String())) }
