package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"kapbot/adapters/sqlite"
	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest"
)

func TestStore(t *testing.T) {
	enginetest.TestStore(t, func(t *testing.T) func() engine.Store {
		path := filepath.Join(t.TempDir(), "a name with spaces & 100%?.db")
		return func() engine.Store { return open(t, path) }
	})
}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestForgetting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kapbot.db")
	s := open(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	enginetest.TestForgetting(t, s, func() {
		if _, err := db.Exec(`UPDATE kapbot_claims SET forget = 0`); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPruningAfterALongTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kapbot.db")
	s := open(t, path)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const n = 2500 // more than two batches
	_, err = db.Exec(`
		WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < $1)
		INSERT INTO kapbot_claims (event, owner, fence, until, done, forget, hour, adapter, kind, topic, wording)
		SELECT n, 'x', 1, 0, 1, 0, 0, 'test', 'answer', 'research', '' FROM i`, n)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left, counted int
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM kapbot_claims), (SELECT sum(n) FROM kapbot_counts)`).Scan(&left, &counted); err != nil {
		t.Fatal(err)
	}
	if left != 0 || counted != n {
		t.Errorf("%d rows left, %d counted of %d", left, counted, n)
	}
}

func BenchmarkStore(b *testing.B) {
	enginetest.BenchmarkStore(b, open(b, filepath.Join(b.TempDir(), "kapbot.db")))
}
