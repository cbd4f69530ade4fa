package sqlite_test

import (
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
