package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"kapbot/bot/engine"
)

// Setting implements engine.Settings.
func (s *Store) Setting(ctx context.Context, scope, name string) ([]byte, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var value []byte
	err := s.read.QueryRowContext(ctx, `SELECT value FROM kapbot_settings WHERE scope = $1 AND name = $2`, scope, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, engine.ErrNoSetting
	}
	if err != nil {
		return nil, fmt.Errorf("read setting: %w", err)
	}
	return value, nil
}

// SetSetting implements engine.Settings.
func (s *Store) SetSetting(ctx context.Context, scope, name string, value []byte) error {
	return s.tx(ctx, "write setting", func(tx tx) error {
		var err error
		if value == nil {
			_, err = tx.exec(`DELETE FROM kapbot_settings WHERE scope = $1 AND name = $2`, scope, name)
		} else {
			_, err = tx.exec(`
				INSERT INTO kapbot_settings (scope, name, value) VALUES ($1, $2, $3)
				ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value`, scope, name, value)
		}
		return err
	})
}

// ListSettings implements engine.Settings.
func (s *Store) ListSettings(ctx context.Context, scope string) ([]string, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	names, err := list(ctx, s.read, `SELECT name FROM kapbot_settings WHERE scope = $1`, []any{scope},
		func(rows *sql.Rows) (name string, err error) { err = rows.Scan(&name); return name, err })
	if err != nil {
		return nil, fmt.Errorf("list settings: %w", err)
	}
	slices.Sort(names)
	return names, nil
}
