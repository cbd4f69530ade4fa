package triage

import (
	"os"
	"testing"
)

func mustReadLines(t *testing.T, dir string) []Line {
	t.Helper()
	lines, err := ReadLines(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
