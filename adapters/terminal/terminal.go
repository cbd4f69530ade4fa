package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"kapbot/bot"
)

// Bot is what the terminal needs of the bot.
type Bot interface {
	Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
	Welcome() bot.Reply
	Help() bot.Reply
	Complete(ctx context.Context, typed string, n int) []bot.Topic
}

// Options say where the conversation is held.
type Options struct {
	In  io.Reader
	Out io.Writer
	// Getenv looks up the environment; nil is os.Getenv.
	Getenv func(string) string
	// Locale is the person's, "" to take it from the environment.
	Locale string
}

// Terminal is one conversation.
type Terminal struct {
	bot    Bot
	in     io.Reader
	out    io.Writer
	getenv func(string) string
	locale string
	talk   bot.Conversation
}

// New returns a conversation with b. Run holds it.
func New(b Bot, o Options) *Terminal {
	t := &Terminal{bot: b, in: o.In, out: o.Out, getenv: o.Getenv, locale: o.Locale}
	if t.getenv == nil {
		t.getenv = os.Getenv
	}
	if t.locale == "" {
		t.locale = localeOf(t.getenv)
	}
	return t
}

// Run talks until the input ends, the person leaves (Ctrl-D, Ctrl-C, "quit") or
// ctx is done. Leaving is no error.
func (t *Terminal) Run(ctx context.Context) error {
	in, inTerminal := fileOf(t.in)
	out, outTerminal := fileOf(t.out)
	if !inTerminal || !outTerminal {
		return t.pipe(ctx)
	}
	if t.getenv("TERM") == "dumb" {
		return t.dumb(ctx, out)
	}
	return t.interactive(ctx, in, out)
}

// fileOf is x as a file, and whether that file is a terminal.
func fileOf(x any) (*os.File, bool) {
	f, ok := x.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// pipe answers one question a line in plain text.
func (t *Terminal) pipe(ctx context.Context) error {
	s := style{}
	return t.lines(ctx, func(line string) error {
		_, err := fmt.Fprintf(t.out, "%s\n\n", s.render(t.answer(ctx, line)))
		return err
	})
}

// dumb talks on a terminal that knows no escape codes.
func (t *Terminal) dumb(ctx context.Context, out *os.File) error {
	s := style{width: widthOf(out)}
	if _, err := fmt.Fprintf(out, "%s\n\n%s", s.render(t.welcome()), prompt); err != nil {
		return err
	}
	return t.lines(ctx, func(line string) error {
		if leaves(line) {
			return io.EOF
		}
		_, err := fmt.Fprintf(out, "\n%s\n\n%s", s.render(t.answer(ctx, line)), prompt)
		return err
	})
}

// maxLine bounds what is read as one question, in bytes.
const maxLine = 64 << 10

// lines calls f for each line of the input that is not blank, until the input
// ends, ctx is done or f fails; io.EOF from f ends it without an error.
func (t *Terminal) lines(ctx context.Context, f func(line string) error) error {
	r := bufio.NewReaderSize(t.in, maxLine)
	for ctx.Err() == nil {
		line, tooLong, err := readLine(r)
		if text := strings.TrimSpace(line); text != "" || tooLong {
			if ferr := f(text); errors.Is(ferr, io.EOF) {
				return nil
			} else if ferr != nil {
				return fmt.Errorf("write reply: %w", ferr)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read question: %w", err)
		}
	}
	return nil
}

// readLine reads a line; of one longer than the reader's buffer it keeps the
// beginning.
func readLine(r *bufio.Reader) (line string, tooLong bool, err error) {
	chunk, more, err := r.ReadLine()
	line = string(chunk)
	for more && err == nil {
		tooLong = true
		_, more, err = r.ReadLine()
	}
	return line, tooLong, err
}

// answer replies to a line. "?" asks for help.
func (t *Terminal) answer(ctx context.Context, line string) bot.Reply {
	if line == "?" {
		r := t.bot.Help()
		t.talk = t.talk.Offering(r)
		return r
	}
	var r bot.Reply
	r, t.talk = t.bot.Reply(ctx, bot.Message{Text: line, Direct: true, Locale: t.locale}, t.talk)
	return r
}

func (t *Terminal) welcome() bot.Reply {
	r := t.bot.Welcome()
	t.talk = t.talk.Offering(r)
	return r
}

// leaves reports whether a line asks to end the conversation.
func leaves(line string) bool {
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "quit", "exit", ":q", "/quit", "/exit":
		return true
	}
	return false
}

// localeOf reads the person's locale from the environment: "en_GB.UTF-8" is "en-GB".
func localeOf(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			v, _, _ = strings.Cut(v, ".")
			if v == "C" || v == "POSIX" {
				return ""
			}
			return strings.ReplaceAll(v, "_", "-")
		}
	}
	return ""
}
