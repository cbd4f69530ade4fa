package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapbot/adapters/sqlite"
	"kapbot/bot/engine/enginetest"
)

func TestLockedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kapbot.db")
	s := open(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	do := func(statement string) {
		t.Helper()
		if _, err := other.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	enginetest.TestOutage(t, s, func() { do("BEGIN IMMEDIATE") }, func() { do("ROLLBACK") })
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	s := open(t, filepath.Join(dir, "kapbot.db"))
	filler := filepath.Join(dir, "filler")
	fill := func() {
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, size := range []int{1 << 20, 512} {
			for block := make([]byte, size); ; {
				if _, err := f.Write(block); err != nil {
					break // no space left for so much
				}
			}
		}
	}
	enginetest.TestOutage(t, s, fill, func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                                  "no path",
		filepath.Join(dir, "no", "such.db"): "there is no folder " + filepath.Join(dir, "no"),
		dir:                                 "is a directory",
		filepath.Join(file, "x.db"):         "not a directory",
	} {
		s, err := sqlite.Open(path)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%q): %v, want %q in it", path, err, want)
		}
	}
}

func TestOnlyTheOwnerCanReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kapbot.db")
	s := open(t, path)
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, info.Mode())
		}
	}
}

func TestAnotherFormatIsRefused(t *testing.T) {
	for name, content := range map[string]string{
		"not a database": strings.Repeat("This is a text. ", 100),
		"a newer schema": "",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kapbot.db")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if content == "" {
				db, err := sql.Open("sqlite", path)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				if _, err := db.Exec(`CREATE TABLE kapbot_schema (version INTEGER PRIMARY KEY); INSERT INTO kapbot_schema VALUES (99)`); err != nil {
					t.Fatal(err)
				}
			}
			err := open(t, path).Ping(t.Context())
			if err == nil {
				t.Fatal("taken")
			}
			t.Log(err)
		})
	}
}
