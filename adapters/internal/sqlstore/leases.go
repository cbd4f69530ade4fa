package sqlstore

import (
	"context"
	"time"

	"kapbot/bot/engine"
)

// Lease implements engine.Leases.
func (s *Store) Lease(ctx context.Context, name, owner string, ttl time.Duration) (engine.Lease, error) {
	l := engine.Lease{Name: name, Owner: owner}
	err := s.tx(ctx, "lease", func(tx tx) error {
		won, err := tx.row(`
			INSERT INTO kapbot_leases (name, owner, fence, until) VALUES ($1, $2, 1, {now} + $3)
			ON CONFLICT (name) DO UPDATE SET
				owner = excluded.owner,
				fence = CASE WHEN kapbot_leases.until > {now} THEN kapbot_leases.fence ELSE kapbot_leases.fence + 1 END,
				until = excluded.until
			WHERE kapbot_leases.owner = excluded.owner OR kapbot_leases.until <= {now}
			RETURNING fence`,
			[]any{name, owner, millis(ttl)}, &l.Fence)
		if err != nil || won {
			return err
		}
		var left int64
		if _, err := tx.row(`SELECT until - {now} FROM kapbot_leases WHERE name = $1`, []any{name}, &left); err != nil {
			return err
		}
		return &engine.HeldError{For: duration(left)}
	})
	if err != nil {
		return engine.Lease{}, err
	}
	return l, nil
}

// Unlease implements engine.Leases.
func (s *Store) Unlease(ctx context.Context, l engine.Lease) error {
	return s.tx(ctx, "unlease", func(tx tx) error {
		_, err := tx.exec(`UPDATE kapbot_leases SET until = 0 WHERE name = $1 AND owner = $2 AND fence = $3`, l.Name, l.Owner, l.Fence)
		return err
	})
}
