package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"kapbot/bot/engine/enginetest/storm"
)

// TestKill kills the process that writes, with SIGKILL and in the middle of it, again and
// again: nothing that was acknowledged may be lost, and nothing counted twice. At full
// size:
//
//	go test ./adapters/sqlite -run TestKill -kills 200 -v -timeout 30m
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kapbot.db")
	s := storm.Storm{Database: path, Replicas: 1, Events: 100 * *kills, Kills: *kills, Lease: 300 * time.Millisecond, StoreTimeout: 30 * time.Second}
	s.Run(t, open(t, path))

	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}
