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

func BenchmarkStore(b *testing.B) {
	enginetest.BenchmarkStore(b, open(b, filepath.Join(b.TempDir(), "kapbot.db")))
}
