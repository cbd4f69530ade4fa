package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

const prompt = "> "

// interactive talks on a terminal, with line editing and history by x/term.
func (t *Terminal) interactive(ctx context.Context, in, out *os.File) error {
	s := newStyle(t.getenv)
	s.width = widthOf(out)
	saved, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("set up the terminal: %w", err)
	}
	defer term.Restore(int(in.Fd()), saved) //nolint:errcheck // nothing is left to do about it

	screen := term.NewTerminal(readWriter{in, out}, s.promptText())
	screen.AutoCompleteCallback = t.complete(ctx)
	if w, h, err := term.GetSize(int(out.Fd())); err == nil {
		_ = screen.SetSize(w, h)
	}
	if _, err := fmt.Fprintf(screen, "%s\n\n", s.render(t.welcome())); err != nil {
		return fmt.Errorf("write welcome: %w", err)
	}
	lines := readLines(screen)
	for {
		select {
		case <-ctx.Done():
			_, _ = io.WriteString(screen, "\n")
			return nil
		case l := <-lines:
			if errors.Is(l.err, term.ErrPasteIndicator) {
				l.err = nil
			}
			if errors.Is(l.err, io.EOF) || leaves(l.text) {
				_, _ = io.WriteString(screen, "\n")
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("read question: %w", l.err)
			}
			if strings.TrimSpace(l.text) != "" {
				s.width = widthOf(out)
				if _, err := fmt.Fprintf(screen, "\n%s\n\n", s.render(t.answer(ctx, strings.TrimSpace(l.text)))); err != nil {
					return fmt.Errorf("write reply: %w", err)
				}
			}
			l.next <- struct{}{}
		}
	}
}

type line struct {
	text string
	err  error
	next chan<- struct{}
}

// readLines reads lines in a goroutine of its own, one each time it is told to
// go on, so that a signal can end the conversation while it waits for a key. It
// ends with the process: a read from a terminal cannot be called off.
func readLines(screen *term.Terminal) <-chan line {
	lines, next := make(chan line), make(chan struct{})
	go func() {
		for {
			text, err := screen.ReadLine()
			lines <- line{text, err, next}
			<-next
		}
	}()
	return lines
}

// complete offers, on Tab, the topic whose question fits what was typed.
func (t *Terminal) complete(ctx context.Context) func(string, int, rune) (string, int, bool) {
	return func(typed string, pos int, key rune) (string, int, bool) {
		if key != '\t' || strings.TrimSpace(typed) == "" {
			return "", 0, false
		}
		topics := t.bot.Complete(ctx, typed, 1)
		if len(topics) == 0 {
			return "", 0, false
		}
		q := topics[0].Question
		return q, len(q), true
	}
}

type readWriter struct {
	io.Reader
	io.Writer
}
