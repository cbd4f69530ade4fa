package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"kapbot/bot/engine"
)

// count adds one reply to the counts.
func count(tx tx, t engine.Tally) error {
	hour := hourOf(t.At)
	_, err := tx.exec(`
		INSERT INTO kapbot_counts (hour, adapter, kind, topic, n) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (hour, adapter, kind, topic) DO UPDATE SET n = kapbot_counts.n + 1`,
		hour, t.Adapter, string(t.Kind), t.Topic)
	if err != nil || t.Wording == "" {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO kapbot_unanswered (wording, n, hour) VALUES ($1, 1, $2)
		ON CONFLICT (wording) DO UPDATE SET n = kapbot_unanswered.n + 1,
			hour = CASE WHEN excluded.hour > kapbot_unanswered.hour THEN excluded.hour ELSE kapbot_unanswered.hour END`,
		t.Wording, hour)
	return err
}

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

// Report implements engine.Store. The orders are bytewise, so that all stores agree.
func (s *Store) Report(ctx context.Context, since, until time.Time) (engine.Report, error) {
	if err := s.ready(ctx); err != nil {
		return engine.Report{}, err
	}
	span := []any{hourOf(since), hourOf(until)}
	var r engine.Report
	var err error
	r.Counts, err = list(ctx, s.read, `
		SELECT hour, adapter, kind, topic, n FROM kapbot_counts WHERE hour >= $1 AND hour < $2`, span,
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
		SELECT wording, n, hour FROM kapbot_unanswered WHERE hour >= $1 AND hour < $2`, span,
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
