//go:build !linux

package postgrestest

import (
	"context"
	"os/exec"
)

func command(name string, args ...string) *exec.Cmd {
	return exec.CommandContext(context.Background(), name, args...)
}

func other() (uid, gid int, ok bool) { return 0, 0, false }
