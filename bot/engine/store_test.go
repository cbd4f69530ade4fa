package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest"
)

func TestMemory(t *testing.T) {
	enginetest.TestStore(t, func(*testing.T) func() engine.Store {
		s := engine.NewMemory()
		return func() engine.Store { return s }
	})
}

func TestMemoryForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		enginetest.TestForgetting(t, engine.NewMemory(), func() { time.Sleep(engine.Remember) })
	})
}
