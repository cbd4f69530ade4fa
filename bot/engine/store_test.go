package engine_test

import (
	"testing"

	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest"
)

func TestMemory(t *testing.T) {
	enginetest.TestStore(t, func(*testing.T) func() engine.Store {
		s := engine.NewMemory()
		return func() engine.Store { return s }
	})
}
