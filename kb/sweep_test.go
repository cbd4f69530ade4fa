package kb

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What nobody has used for long goes; what is new, ours or not the cache's stays.
func TestSweep(t *testing.T) {
	now := time.Now()
	c := cache{dir: t.TempDir(), key: "ours"}
	for name, age := range map[string]time.Duration{
		"index-ours":     2 * unused,
		"index-old":      2 * unused,
		"index-new":      time.Hour,
		"building-old":   2 * abandoned,
		"building-new":   time.Hour,
		"something-else": 2 * unused,
	} {
		dir := filepath.Join(c.dir, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(manifestPath(dir), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{manifestPath(dir), dir} {
			if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.sweep(now)
	left, err := os.ReadDir(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"building-new", "index-new", "index-ours", "something-else"}
	if len(left) != len(want) {
		t.Fatalf("%v is left, want %v", left, want)
	}
	for i, name := range want {
		if left[i].Name() != name {
			t.Errorf("%s is left, want %s", left[i].Name(), name)
		}
	}
}
