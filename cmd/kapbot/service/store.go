package service

import (
	"strings"

	"kapbot/adapters/postgres"
	"kapbot/adapters/sqlite"
	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/config"
)

// OpenStore opens the store that the configuration names. The database itself
// may be away: that is an error of the calls that need it.
func OpenStore(c config.Config) (engine.Store, error) {
	where := c.Store.Reveal()
	switch path, isFile := strings.CutPrefix(where, "sqlite:"); {
	case isFile:
		return sqlite.Open(path)
	case where == "memory":
		return engine.NewMemory(), nil
	default:
		return postgres.Open(where)
	}
}
