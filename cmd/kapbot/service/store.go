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
	path, isFile := strings.CutPrefix(where, "sqlite:")
	switch {
	case where == "memory":
		return engine.NewMemory(), nil
	case isFile:
		s, err := sqlite.Open(path)
		return opened(s, err)
	default:
		s, err := postgres.Open(where)
		return opened(s, err)
	}
}

// opened keeps a nil pointer from becoming a Store that is not nil.
func opened(s engine.Store, err error) (engine.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}
