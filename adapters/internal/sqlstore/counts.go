package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"kapbot/bot/engine"
)

// Rate implements engine.Ratings.
func (s *Store) Rate(ctx context.Context, key engine.Key, r engine.Rating) error {
	return s.tx(ctx, "rate", func(tx tx) error {
		helpful := 0
		if r.Helpful {
			helpful = 1
		}
		_, err := tx.exec(`
			INSERT INTO kapbot_ratings (rating, hour, topic, helpful, reason) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (rating) DO UPDATE SET
				hour = excluded.hour, topic = excluded.topic, helpful = excluded.helpful, reason = excluded.reason`,
			key.String(), hourOf(r.At), r.Topic, helpful, string(r.Reason))
		return err
	})
}

// Report implements engine.Store. It adds what has moved to the counts and what is
// still in the claims; each query sees one moment. The orders are bytewise, so that all stores agree.
func (s *Store) Report(ctx context.Context, since, until time.Time) (engine.Report, error) {
	if err := s.ready(ctx); err != nil {
		return engine.Report{}, err
	}
	span := []any{hourOf(since), hourOf(until)}
	var r engine.Report
	var err error
	r.Counts, err = list(ctx, s.read, `
		SELECT hour, adapter, kind, topic, CAST(sum(n) AS BIGINT) FROM (
			SELECT hour, adapter, kind, topic, n FROM kapbot_counts WHERE hour >= $1 AND hour < $2
			UNION ALL
			SELECT hour, adapter, kind, topic, 1 FROM kapbot_claims WHERE hour >= $1 AND hour < $2
		) AS c GROUP BY hour, adapter, kind, topic`, span,
		func(rows *sql.Rows) (c engine.Count, err error) {
			var hour int64
			err = rows.Scan(&hour, &c.Adapter, &c.Kind, &c.Topic, &c.N)
			c.Hour = time.UnixMilli(hour).UTC()
			return c, err
		})
	if err != nil {
		return engine.Report{}, fmt.Errorf("report counts: %w", err)
	}
	r.Ratings, err = list(ctx, s.read, `
		SELECT hour, topic, helpful, reason, count(*) FROM kapbot_ratings WHERE hour >= $1 AND hour < $2
		GROUP BY hour, topic, helpful, reason`, span,
		func(rows *sql.Rows) (c engine.RatingCount, err error) {
			var hour int64
			var helpful int
			err = rows.Scan(&hour, &c.Topic, &helpful, &c.Reason, &c.N)
			c.Hour, c.Helpful = time.UnixMilli(hour).UTC(), helpful == 1
			return c, err
		})
	if err != nil {
		return engine.Report{}, fmt.Errorf("report ratings: %w", err)
	}
	r.Unanswered, err = list(ctx, s.read, `
		SELECT wording, CAST(sum(n) AS BIGINT), max(hour) FROM (
			SELECT wording, n, hour FROM kapbot_unanswered
			UNION ALL
			SELECT wording, 1, hour FROM kapbot_claims WHERE wording <> ''
		) AS w GROUP BY wording HAVING max(hour) >= $1 AND max(hour) < $2`, span,
		func(rows *sql.Rows) (w engine.Wording, err error) {
			var hour int64
			err = rows.Scan(&w.Text, &w.N, &hour)
			w.Last = time.UnixMilli(hour).UTC()
			return w, err
		})
	if err != nil {
		return engine.Report{}, fmt.Errorf("report wordings: %w", err)
	}
	r.Sort()
	return r, nil
}

func list[T any](ctx context.Context, db *sql.DB, query string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func hourOf(t time.Time) int64 { return t.UTC().Truncate(time.Hour).UnixMilli() }
