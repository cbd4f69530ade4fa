package postgres_test

import (
	"database/sql"
	"testing"

	"kapbot/adapters/postgres"
	"kapbot/adapters/postgres/postgrestest"
	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest"
)

func TestStore(t *testing.T) {
	server := postgrestest.Start(t)
	enginetest.TestStore(t, func(t *testing.T) func() engine.Store {
		url := server.Database(t)
		return func() engine.Store { return open(t, url) }
	})
	t.Run("forgetting", func(t *testing.T) {
		url := server.Database(t)
		db, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		enginetest.TestForgetting(t, open(t, url), func() {
			if _, err := db.Exec(`UPDATE kapbot_claims SET forget = 0`); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func open(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func BenchmarkStore(b *testing.B) {
	enginetest.BenchmarkStore(b, open(b, postgrestest.Start(b).Database(b)))
}
