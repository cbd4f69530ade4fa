package sqlstore

import "context"

// batch is how many rows are pruned at a time, so that nobody waits long for the lock, even
// after a long time without pruning.
const batch = 1000

// Prune implements engine.Store.
func (s *Store) Prune(ctx context.Context) error {
	for more := true; more; {
		err := s.tx(ctx, "prune claims", func(tx tx) error {
			n, err := forget(tx, `event IN (SELECT event FROM kapbot_claims WHERE forget <= {now} LIMIT $1)`, batch)
			more = n == batch
			return err
		})
		if err != nil {
			return err
		}
	}
	for more := true; more; {
		err := s.tx(ctx, "prune conversations", func(tx tx) error {
			n, err := tx.exec(`
				DELETE FROM kapbot_conversations WHERE conversation IN (
					SELECT conversation FROM kapbot_conversations WHERE forget <= {now} AND until <= {now} LIMIT $1)
				AND until <= {now}`, batch)
			more = n == batch
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forget deletes the claims that fit where, counting what they counted as, and says how many
// there were.
func forget(tx tx, where string, args ...any) (n int, err error) {
	rows, err := tx.QueryContext(tx.ctx, tx.now.Replace(`
		DELETE FROM kapbot_claims WHERE `+where+`
		RETURNING hour IS NOT NULL, coalesce(hour, 0), coalesce(adapter, ''), coalesce(kind, ''), coalesce(topic, ''), coalesce(wording, '')`), args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	counts, wordings := map[tally]int64{}, map[wording]int64{}
	for rows.Next() {
		var counted bool
		var t tally
		var w wording
		if err := rows.Scan(&counted, &t.hour, &t.adapter, &t.kind, &t.topic, &w.text); err != nil {
			return 0, err
		}
		n++
		if counted {
			counts[t]++
		}
		if w.text != "" {
			w.hour = t.hour
			wordings[w]++
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return n, add(tx, counts, wordings)
}

type tally struct {
	hour                 int64
	adapter, kind, topic string
}

type wording struct {
	hour int64
	text string
}

func add(tx tx, counts map[tally]int64, wordings map[wording]int64) error {
	for t, n := range counts {
		_, err := tx.exec(`
			INSERT INTO kapbot_counts (hour, adapter, kind, topic, n) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (hour, adapter, kind, topic) DO UPDATE SET n = kapbot_counts.n + excluded.n`,
			t.hour, t.adapter, t.kind, t.topic, n)
		if err != nil {
			return err
		}
	}
	for w, n := range wordings {
		_, err := tx.exec(`
			INSERT INTO kapbot_unanswered (wording, n, hour) VALUES ($1, $2, $3)
			ON CONFLICT (wording) DO UPDATE SET n = kapbot_unanswered.n + excluded.n,
				hour = CASE WHEN excluded.hour > kapbot_unanswered.hour THEN excluded.hour ELSE kapbot_unanswered.hour END`,
			w.text, n, w.hour)
		if err != nil {
			return err
		}
	}
	return nil
}
