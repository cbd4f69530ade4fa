package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/ops"
	"kapbot/cmd/kapbot/service"
)

func newCheck(k *knowledge) *cobra.Command {
	var path string
	var online bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check configuration, documents and store, and the tokens with --online",
		Long: `Looks at everything that 'kapbot serve' needs and says for each thing whether it
is right, and if not, how to mend it. Nothing is changed. The status is 1 if
something must be mended; what is marked with ! works, but could be better.`,
		Example: `  kapbot check
  kapbot check --config /etc/kapbot/config.toml --online`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{out: cmd.OutOrStdout()}
			c, ok := d.configuration(k, configPath(path))
			d.documents(cmd.Context(), c)
			if ok {
				d.store(cmd.Context(), c)
				d.platforms(cmd.Context(), c, online)
			}
			if d.faults > 0 {
				fmt.Fprintf(d.out, "\n%s to mend.\n", counted(d.faults, "thing"))
				return errReported
			}
			fmt.Fprintln(d.out, "\nAll is well.")
			return nil
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&online, "online", false, "also ask the platforms about tokens, scopes and intents")
	return cmd
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// doctor writes what it finds and counts what must be mended.
type doctor struct {
	out    io.Writer
	faults int
}

func (d *doctor) right(format string, args ...any) { fmt.Fprintf(d.out, "✓ "+format+"\n", args...) }
func (d *doctor) hint(format string, args ...any)  { fmt.Fprintf(d.out, "! "+format+"\n", args...) }

// wrong writes each line of err as a fault of its own.
func (d *doctor) wrong(err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		d.faults++
		fmt.Fprintf(d.out, "✗ %s\n", line)
	}
}

// configuration reports whether the configuration can be used.
func (d *doctor) configuration(k *knowledge, path string) (config.Config, bool) {
	c, problems := configuration(k, path)
	ok := true
	for _, p := range problems {
		switch {
		case p.Warning && !p.Open:
			d.hint("%s", p)
		default:
			d.wrong(errors.New(p.String()))
			ok = ok && p.Open
		}
	}
	if ok && d.faults == 0 {
		name := c.File
		if name == "" {
			name = "from the environment alone; `kapbot init` writes a file"
		}
		d.right("configuration: %s", name)
	}
	return c, ok
}

func (d *doctor) documents(ctx context.Context, c config.Config) {
	b, err := service.OpenBot(ctx, c)
	if err != nil {
		d.wrong(err)
		return
	}
	defer b.Close()
	d.right("documents: %s, revision %s", counted(len(b.Topics()), "topic"), b.Revision())
}

func (d *doctor) store(ctx context.Context, c config.Config) {
	where := config.DescribeStore(c.Store)
	if where == "memory" {
		d.hint("store: memory; counts, ratings and the last topic of conversations are lost when kapbot ends")
		return
	}
	if path, isFile := strings.CutPrefix(where, "sqlite:"); isFile && !exists(path) {
		if err := writable(filepath.Dir(path)); err != nil {
			d.wrong(fmt.Errorf("store: %s cannot be made: %w; make the folder and let kapbot's user write into it", path, err))
			return
		}
		d.right("store: %s will be made at the first start", path)
		return
	}
	s, err := service.OpenStore(c)
	if err != nil {
		d.wrong(err)
		return
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.Ping(ctx); err != nil {
		d.wrong(fmt.Errorf("store: %s cannot be used: %w", where, err))
		return
	}
	d.right("store: %s", where)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".kapbot-*")
	if err != nil {
		return errors.Unwrap(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// present reports a store whose file is not there as an error that says so.
func present(store config.Secret) error {
	path, isFile := strings.CutPrefix(store.Reveal(), "sqlite:")
	if !isFile {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store %s yet; 'kapbot serve' makes it, or name the configuration with --config", path)
	}
	return nil
}

// base is what adapters stand on when they are only asked about themselves.
func base(ctx context.Context, c config.Config) (b service.Base, end func(), err error) {
	b = service.Base{Config: c, Log: quietLog(), Metrics: ops.NewMetrics(buildVersion()), Health: ops.NewHealth()}
	if b.Bot, err = service.OpenBot(ctx, c); err != nil {
		return b, nil, err
	}
	b.Store = engine.NewMemory()
	b.Engine = engine.New(b.Bot, b.Store, engine.Options{})
	return b, func() {
		_ = b.Engine.Drain(ctx) // nothing was submitted
		_ = b.Store.Close()
		_ = b.Bot.Close()
	}, nil
}
