package web

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// recheck is how often certificate files are looked at for a newer version.
const recheck = time.Minute

// certificate is a certificate in files that someone else renews. A new one is
// taken up without a restart; one that cannot be read leaves the old one in use.
type certificate struct {
	cert, key string
	now       func() time.Time
	fault     func(error)

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time // of the files, when loaded
	next    time.Time
}

// newCertificate reads the files for the first time. fault hears what goes
// wrong later.
func newCertificate(cert, key string, now func() time.Time, fault func(error)) (*certificate, error) {
	c := &certificate{cert: cert, key: key, now: now, fault: fault}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

// get returns the certificate for a connection.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.After(c.next) {
		c.next = now.Add(recheck)
		if err := c.load(); err != nil {
			c.fault(err)
		}
	}
	return c.loaded, nil
}

func (c *certificate) load() error {
	changed, err := newest(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("web: tls: %w", err)
	}
	if c.loaded != nil && changed.Equal(c.changed) {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("web: tls: read %s and %s: %w", c.cert, c.key, err)
	}
	c.loaded, c.changed = &pair, changed
	return nil
}

// newest is when the last of the files was changed.
func newest(paths ...string) (time.Time, error) {
	var at time.Time
	var errs []error
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if info.ModTime().After(at) {
			at = info.ModTime()
		}
	}
	return at, errors.Join(errs...)
}
