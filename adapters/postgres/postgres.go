// Package postgres keeps the engine's state in PostgreSQL (15 or newer): the store
// for several replicas.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"kapbot/adapters/internal/sqlstore"
)

// Store is an engine.Store in a PostgreSQL database.
type Store struct{ *sqlstore.Store }

const (
	maxConns       = 8
	maxIdle        = 5 * time.Minute
	connectTimeout = 2 * time.Second
)

// session is set on each connection. A replica that freezes in the middle of a transaction
// holds its row locks until the server ends the session: without the first line,
// one frozen replica stops all others.
var session = map[string]string{
	"idle_in_transaction_session_timeout": "1000", // milliseconds
	"statement_timeout":                   "5000",
	"application_name":                    "kapbot",
}

// migrationLock is the number of the advisory lock that migrations are run under.
const migrationLock = `SELECT pg_advisory_xact_lock(7309101), set_config('statement_timeout', '0', true)`

// Open returns the store in the database at url
// ("postgres://user:password@host/database"). It fails only if the url makes no
// sense: a database that is away is an error of the calls that need it.
//
// A pooler in between must pool by session (in PgBouncer: pool_mode = session, and
// ignore_startup_parameters for those of a connection here).
func Open(url string) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open postgres store: %w", err) // without the password
	}
	for name, value := range session {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	db.SetConnMaxIdleTime(maxIdle)
	return &Store{sqlstore.New(db, db, sqlstore.Dialect{
		Now:   `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`,
		Lock:  migrationLock,
		Retry: retry,
	})}, nil
}

// retry reports whether another transaction is to blame, or a connection that the server
// ended while this process was frozen. Trying again is safe: see engine.Store.
func retry(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "25P03": // serialization failure, deadlock, idle in transaction
			return true
		}
		return false
	}
	return pgconn.SafeToRetry(err)
}
