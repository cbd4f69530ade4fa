package sqlite_test

import (
	"os"
	"syscall"
	"testing"
)

// smallDisk is a folder on a disk of 16 MiB, which is more than a write-ahead log grows to.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m,mode=0700"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("mount a small disk: %v: run the tests as root", err)
		}
		t.Skipf("mount a small disk: %v: run the tests as root", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
	return dir
}
