package postgres_test

import (
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
