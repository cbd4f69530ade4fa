package service

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"kapbot/cmd/kapbot/config"
)

// NewLog returns the log of a service: text on a terminal, JSON elsewhere,
// unless the configuration says which. Level may be changed while it is used. No
// secret of the configuration is written, wherever it came from: an error of a
// library may quote an address with a token in it.
func NewLog(w io.Writer, c config.Config, terminal bool, level *slog.LevelVar) *slog.Logger {
	level.Set(c.Log.Level)
	hide := newScrubber(c.Secrets())
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { return hide.attr(a) }}
	if c.Log.Format == "text" || c.Log.Format == "auto" && terminal {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// scrubber takes secrets out of texts.
type scrubber struct{ r *strings.Replacer }

// shortest is the length of the shortest secret that is looked for: a shorter one
// is nobody's real token, and would be found in every other word.
const shortest = 8

func newScrubber(secrets []string) scrubber {
	var pairs []string
	for _, s := range secrets {
		if len(s) < shortest {
			continue
		}
		pairs = append(pairs, s, "[secret]")
	}
	return scrubber{strings.NewReplacer(pairs...)}
}

func (s scrubber) text(t string) string { return s.r.Replace(t) }

// error returns err, or one with the same words without the secrets in them.
func (s scrubber) error(err error) error {
	if err == nil {
		return nil
	}
	if clean := s.text(err.Error()); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}

func (s scrubber) attr(a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, s.text(v.String()))
	case slog.KindAny:
		switch x := v.Any().(type) {
		case error:
			return slog.String(a.Key, s.text(x.Error()))
		case *slog.Source:
			return a
		default:
			return slog.String(a.Key, s.text(fmt.Sprint(x)))
		}
	}
	return a
}
