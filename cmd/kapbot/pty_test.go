//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is the program in a real pseudo-terminal.
type screen struct {
	t    *testing.T
	cmd  *exec.Cmd
	tty  *os.File
	out  chan []byte // closed when the program has ended
	seen bytes.Buffer
}

func chatOnTerminal(t *testing.T, env ...string) *screen {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(append(os.Environ(), env...), runAsKapbot+"=chat")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 60})
	if err != nil {
		t.Skipf("needs a pseudo-terminal: %v", err)
	}
	s := &screen{t: t, cmd: cmd, tty: tty, out: make(chan []byte, 64)}
	go func() {
		defer close(s.out)
		for {
			buf := make([]byte, 4096)
			n, err := tty.Read(buf)
			s.out <- buf[:n]
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = tty.Close() })
	return s
}

// hung is how long a screen may stay still before the test gives up.
const hung = time.Minute

// until reads until the text has come, since the last call.
func (s *screen) until(text string) string {
	s.t.Helper()
	for !strings.Contains(s.seen.String(), text) {
		select {
		case chunk, ok := <-s.out:
			if !ok {
				s.t.Fatalf("%q has not come before the end:\n%s", text, s.seen.String())
			}
			s.seen.Write(chunk)
		case <-time.After(hung):
			s.t.Fatalf("%q has not come:\n%s", text, s.seen.String())
		}
	}
	before, _, _ := strings.Cut(s.seen.String(), text)
	s.seen.Next(len(before) + len(text))
	return before + text
}

func (s *screen) keys(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.tty, keys); err != nil {
		s.t.Fatal(err)
	}
}

func (s *screen) ends() {
	s.t.Helper()
	go func() {
		for range s.out { // what is still printed must be read, or the program waits
		}
	}()
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("chat ended with %v", err)
	}
}

const lastWords = "professional." // of the disclaimer, which ends every reply

func TestChatOnATerminal(t *testing.T) {
	s := chatOnTerminal(t, "TERM=xterm-256color", "NO_COLOR=", "LANG=en_US.UTF-8")
	welcome := s.until(lastWords)
	for _, want := range []string{"No person is reading this chat.", "How do I choose a provider?", "\x1b["} {
		if !strings.Contains(welcome, want) {
			t.Errorf("the welcome has no %q:\n%s", want, welcome)
		}
	}
	s.keys("who is it for\x7f\x7f\x7fmeant for?\r") // a correction on the way
	if got := s.until(lastWords); !strings.Contains(got, "\x1b[1m") {
		t.Errorf("nothing stands out:\n%s", got)
	}
	s.keys("\x1b[A\r") // the line before, from history
	s.until(lastWords)
	s.keys("?\r")
	s.until("How do I choose a provider?")
	s.until(lastWords)
	s.keys("4\r")
	s.until("Transparent pricing")
	s.until(lastWords)
	s.keys("\x04")
	s.ends()
}

func TestChatLeavesOnControlC(t *testing.T) {
	s := chatOnTerminal(t, "TERM=xterm")
	s.until(lastWords)
	s.keys("half a quest\x03")
	s.ends()
}

func TestChatLeavesOnSIGTERM(t *testing.T) {
	s := chatOnTerminal(t, "TERM=xterm")
	s.until(lastWords)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.ends()
}

func TestChatWithoutColors(t *testing.T) {
	for _, env := range [][]string{{"TERM=xterm", "NO_COLOR=1"}, {"TERM=dumb", "NO_COLOR="}} {
		s := chatOnTerminal(t, env...)
		s.until(lastWords)
		s.keys("What is KAP?\r")
		if got := s.until(lastWords); strings.Contains(got, "\x1b[1m") || strings.Contains(got, "\x1b[2m") {
			t.Errorf("with %v the answer is coloured:\n%q", env, got)
		}
		s.keys("quit\r")
		s.ends()
	}
}
