// Package sqlstore is the SQL that SQLite and PostgreSQL share: all of the
// engine's Store but for opening the database. It knows neither driver;
// adapters/sqlite and adapters/postgres each hand it a Dialect.
//
// The statements use what both databases understand alike: INSERT … ON CONFLICT
// DO UPDATE … WHERE … RETURNING decides a race in one statement, and a row that comes
// back is the proof of having won.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"kapbot/bot/engine"
)

// Dialect is where the two databases differ.
type Dialect struct {
	// Now is an expression for the time in milliseconds since 1970, by the
	// database's clock.
	Now string
	// Lock is a statement that makes a migration wait for another one, or "" where
	// a transaction that may write excludes all others anyway.
	Lock string
	// Retry reports whether a transaction failed only because of another one,
	// and is to be tried again. Nil means never.
	Retry func(error) bool
}

// Store is an engine.Store in an SQL database. The schema is brought up to date
// by the first call that reaches the database, so that a bot can start while its
// database is away.
type Store struct {
	write, read *sql.DB
	dialect     Dialect

	mu       sync.Mutex
	migrated bool
}

var _ engine.Store = (*Store)(nil)

// New returns a Store that changes through write and reports through read, which may
// be the same. Close closes both.
func New(write, read *sql.DB, d Dialect) *Store {
	return &Store{write: write, read: read, dialect: d}
}

// Close implements engine.Store.
func (s *Store) Close() error {
	return errors.Join(s.write.Close(), s.read.Close())
}

// Ping implements engine.Store. It writes, because a full disk can still be read.
func (s *Store) Ping(ctx context.Context) error {
	return s.tx(ctx, "ping", func(t tx) error {
		_, err := t.exec(`
			INSERT INTO kapbot_settings (scope, name, value) VALUES ('kapbot', 'ping', 'x')
			ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value`)
		return err
	})
}

// tx is one transaction. Its statements may say {now}.
type tx struct {
	*sql.Tx
	ctx context.Context
	now *strings.Replacer
}

func (t tx) exec(query string, args ...any) (rows int64, err error) {
	r, err := t.ExecContext(t.ctx, t.now.Replace(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row runs a query for at most one row, and reports whether there was one.
func (t tx) row(query string, args []any, into ...any) (found bool, err error) {
	err = t.QueryRowContext(t.ctx, t.now.Replace(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// tries is how often a transaction is begun when others get in its way, and pause how
// much longer it waits each time.
const (
	tries = 5
	pause = 10 * time.Millisecond
)

// tx runs f in a transaction on an up-to-date schema. Errors of package engine pass as
// they are; all others are wrapped.
func (s *Store) tx(ctx context.Context, step string, f func(tx) error) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	err := s.persist(ctx, f)
	if err == nil || isContract(err) {
		return err
	}
	return fmt.Errorf("%s: %w", step, err)
}

// beginError is a failure before anything was asked of the database: a connection
// that broke while nobody used it.
type beginError struct{ error }

func (e beginError) Unwrap() error { return e.error }

// again reports whether it is safe and promising to try once more.
func (s *Store) again(err error) bool {
	var begin beginError
	return errors.As(err, &begin) || s.dialect.Retry != nil && s.dialect.Retry(err)
}

// persist runs f in a transaction, and again where that may help.
func (s *Store) persist(ctx context.Context, f func(tx) error) error {
	for try := 1; ; try++ {
		err := s.once(ctx, f)
		if err == nil || try == tries || !s.again(err) {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * pause):
		case <-ctx.Done():
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, f func(tx) error) error {
	t, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return beginError{err}
	}
	defer func() { _ = t.Rollback() }() // does nothing after Commit
	if err := f(tx{t, ctx, strings.NewReplacer("{now}", s.dialect.Now)}); err != nil {
		return err
	}
	return t.Commit()
}

func isContract(err error) bool {
	return errors.Is(err, engine.ErrDone) || errors.Is(err, engine.ErrHeld) ||
		errors.Is(err, engine.ErrFenced) || errors.Is(err, engine.ErrNoSetting)
}
