//go:build !linux

package postgrestest

import "os/exec"

func command(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

func other() (uid, gid int, ok bool) { return 0, 0, false }
