package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Secret is a token or a key. It never prints itself.
type Secret struct {
	value   string
	literal bool // written out in the configuration file
}

// NewSecret returns a secret with a value, for tests and for the environment.
func NewSecret(value string) Secret { return Secret{value: value} }

// Reveal returns the value. Whoever calls it must not print or keep it.
func (s Secret) Reveal() string { return s.value }

// Set reports whether there is a value.
func (s Secret) Set() bool { return s.value != "" }

// String never shows the value.
func (s Secret) String() string {
	if !s.Set() {
		return ""
	}
	return "[secret]"
}

// GoString never shows the value, for %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue never shows the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText never shows the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// resolve reads a secret as it is written: env:NAME, file:PATH or the value
// itself. A relative path starts at dir.
func resolve(written, dir string, lookup func(string) (string, bool)) (Secret, error) {
	if name, ok := strings.CutPrefix(written, "env:"); ok {
		v, _ := lookup(name)
		if v = strings.TrimSpace(v); v == "" {
			return Secret{}, fmt.Errorf("the environment variable %s is not set; export it before kapbot starts", name)
		}
		return Secret{value: v}, nil
	}
	if path, ok := strings.CutPrefix(written, "file:"); ok {
		v, err := readSecret(within(dir, path))
		return Secret{value: v}, err
	}
	return Secret{value: strings.TrimSpace(written), literal: true}, nil
}

const maxSecret = 64 << 10

func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no file %s; create it with the secret in it and mode 0600", path)
	case err != nil:
		return "", fmt.Errorf("cannot look at %s: %w", path, errors.Unwrap(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a file; name the file that holds the secret", path)
	case info.Size() > maxSecret:
		return "", fmt.Errorf("%s is larger than 64 KiB; a secret is one line", path)
	case worldReadable(info):
		return "", fmt.Errorf("%s can be read by everyone on this machine; run: chmod 600 %s", path, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", path, errors.Unwrap(err))
	}
	v := strings.TrimSpace(string(b))
	if v == "" {
		return "", fmt.Errorf("%s is empty; put the secret into it", path)
	}
	return v, nil
}

func within(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
