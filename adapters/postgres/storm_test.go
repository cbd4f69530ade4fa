package postgres_test

import (
	"testing"
	"time"

	"kapbot/adapters/postgres/postgrestest"
	"kapbot/bot/engine/enginetest/storm"
)

const fullStorm = 20_000

// TestStorm has four replicas on one database. At full size:
//
//	go test ./adapters/postgres -run TestStorm -storm 20000 -v -timeout 30m
func TestStorm(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	s := storm.Storm{
		Database: url, Replicas: 4, Events: *stormSize,
		Kills: max(3, *stormSize/800), Freezes: max(1, *stormSize/2500),
	}
	if s.Events >= fullStorm {
		s.Within = 5 * time.Second
	} else {
		s.StoreTimeout = 30 * time.Second
	}
	s.Run(t, open(t, url))
}
