package sqlstore

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ready brings the schema up to date, once. A database that cannot be reached now is
// tried again by the next call.
func (s *Store) ready(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.migrated {
		return nil
	}
	if err := s.persist(ctx, s.migrate); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	s.migrated = true
	return nil
}

// migrate runs the migrations that the database has not seen, in order, in one
// transaction and under a lock. There is no way back: a database that a newer kapbot
// has changed is refused.
func (s *Store) migrate(t tx) error {
	if s.dialect.Lock != "" {
		if _, err := t.exec(s.dialect.Lock); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
	}
	if _, err := t.exec(`CREATE TABLE IF NOT EXISTS kapbot_schema (version INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	var at int
	if _, err := t.row(`SELECT coalesce(max(version), 0) FROM kapbot_schema`, nil, &at); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	if at > len(files) {
		return fmt.Errorf("the database has schema %d and this kapbot knows %d: run a newer kapbot, or give this one a database of its own", at, len(files))
	}
	for i, name := range files[at:] {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(t.ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := t.exec(`INSERT INTO kapbot_schema (version) VALUES ($1)`, at+i+1); err != nil {
			return err
		}
	}
	return nil
}
