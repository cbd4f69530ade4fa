// Package sqlite keeps the engine's state in a file: the store for one process,
// and the default of `kapbot serve`.
//
// The file is in WAL mode with synchronous=FULL: what was written survives kill -9 and a
// power cut, and `kapbot insights` can read while the bot writes. All writes go
// through one connection, so that they queue here and not on the file's lock; a
// second process that writes waits for up to busyTimeout.
package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite" // registers the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kapbot/adapters/internal/sqlstore"
)

// Store is an engine.Store in a file.
type Store struct{ *sqlstore.Store }

const busyTimeout = "1500" // milliseconds, below the engine's StoreTimeout

// Open returns the store in the file at path, which is made when it is first used. It
// fails only if path cannot be a file; a locked file or a full disk is an error
// of the calls that meet it.
func Open(path string) (*Store, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", dsn(path, "immediate"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, "deferred"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(2)
	return &Store{sqlstore.New(write, read, sqlstore.Dialect{
		Now:   `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
		Retry: busy,
	})}, nil
}

// busy reports whether another process has the file. The busy timeout covers all but the
// moment in which a new file becomes a WAL file.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// checkPath makes sure that a file can be there, readable by its owner only.
func checkPath(path string) error {
	if path == "" {
		return errors.New(`open sqlite store: no path: say for example "sqlite:kapbot.db"`)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("open sqlite store %s: there is no folder %s: make it, or choose another path", path, filepath.Dir(path))
	case err != nil:
		return fmt.Errorf("open sqlite store: %w", err)
	}
	return f.Close()
}

// dsn names the file and how a connection is set up. The journal's mode comes
// after the timeout, because it needs the lock.
func dsn(path, lock string) string {
	q := url.Values{
		"_txlock": {lock},
		"_pragma": {
			"busy_timeout(" + busyTimeout + ")",
			"journal_mode(WAL)",
			"synchronous(FULL)",
		},
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}
