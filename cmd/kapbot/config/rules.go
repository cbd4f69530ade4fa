package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

func filled(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("is empty; write a value or leave the line out")
	}
	return nil
}

// oneOf accepts the choices only.
func oneOf(choices ...string) rule {
	return func(s string) error {
		for _, c := range choices {
			if s == c {
				return nil
			}
		}
		hint := ""
		if n := nearest(s, choices); n != "" {
			hint = fmt.Sprintf("; did you mean %q?", n)
		}
		return fmt.Errorf("%q is not one of %s%s", s, strings.Join(choices, ", "), hint)
	}
}

// address accepts HOST:PORT. Host may be left out: all interfaces.
func address(s string) error {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf(`%q is not an address; write it like "127.0.0.1:8080"`, s)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not a port; write a number from 0 to 65535", port)
	}
	return nil
}

// addressOrOff also accepts "", which switches a listener off.
func addressOrOff(s string) error {
	if s == "" {
		return nil
	}
	return address(s)
}

// Loopback reports whether only this machine can reach the address HOST:PORT.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// webURL accepts an absolute http or https address.
func webURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%q is not a web address; write it like \"https://example.org/\"", s)
	}
	if u.User != nil {
		return errors.New("has a password in it; take it out")
	}
	return nil
}

// origin accepts scheme and host, as a browser sends them.
func origin(s string) error {
	if err := webURL(s); err != nil {
		return err
	}
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if o := u.Scheme + "://" + u.Host; s != o {
		return fmt.Errorf("%q is more than an origin; write %q", s, o)
	}
	return nil
}

// network accepts an address or a range of addresses.
func network(s string) error {
	if _, err := netip.ParsePrefix(s); err == nil {
		return nil
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return nil
	}
	return fmt.Errorf(`%q is not a network; write it like "10.0.0.0/8"`, s)
}

// store accepts the ways to name a store.
func store(s string) error {
	switch {
	case s == "memory":
		return nil
	case strings.HasPrefix(s, "sqlite:"):
		if strings.TrimPrefix(s, "sqlite:") == "" {
			return errors.New(`names no file; write it like "sqlite:kapbot.db"`)
		}
		return nil
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		if u, err := url.Parse(s); err != nil || u.Path == "" || u.Path == "/" {
			return errors.New(`is not a PostgreSQL address; write it like "postgres://user@host:5432/kapbot"`)
		}
		return nil
	default:
		return errors.New(`names no store; write "sqlite:kapbot.db", "memory" or "postgres://user@host:5432/kapbot"`)
	}
}

// DescribeStore is the address of a store without its password.
func DescribeStore(s Secret) string {
	u, err := url.Parse(s.value)
	if err != nil {
		return s.String()
	}
	return u.Redacted()
}

// prefixed doubts a token that does not begin in one of the given ways.
func prefixed(what string, prefixes ...string) rule {
	return func(s string) error {
		for _, p := range prefixes {
			if strings.HasPrefix(s, p) {
				return nil
			}
		}
		return doubt{fmt.Errorf("does not look like %s, which begins with %s; copy it again", what, strings.Join(prefixes, " or "))}
	}
}

// snowflake accepts an id of Discord.
func snowflake(s string) error {
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		return fmt.Errorf("%q is not an id of Discord, which is a number of 17 to 20 digits; switch on Developer Mode and copy the id", s)
	}
	return nil
}

// channel accepts an id of a Slack conversation.
func channel(s string) error {
	if len(s) < 2 || !strings.ContainsRune("CGD", rune(s[0])) || strings.ToUpper(s) != s {
		return fmt.Errorf("%q is not the id of a channel, like C0123ABCD; it stands at the foot of the channel's details", s)
	}
	return nil
}

// ed25519Key accepts a public key as Discord shows it.
func ed25519Key(s string) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != 32 {
		return errors.New("is not a public key of 64 hexadecimal digits; copy it from the application's General Information page")
	}
	return nil
}

// long accepts a secret that cannot be guessed.
func long(s string) error {
	if len(s) < 32 {
		return fmt.Errorf("is only %d characters long; make one of at least 32: openssl rand -hex 32", len(s))
	}
	return nil
}
