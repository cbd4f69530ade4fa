package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/service"
)

func newServe(k *knowledge) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run on Slack, on Discord and on the web, as configured",
		Long: `Runs every platform that is configured until SIGTERM or Ctrl-C, then finishes
what is in hand within 10 seconds. A second signal ends at once. SIGHUP reads
documents, the log level and the list of documents again; a changed document is
read by itself. Metrics, health and the operator's page are on ops.listen.`,
		Example: `  kapbot serve --config config.toml
  KAPBOT_WEB_LISTEN=127.0.0.1:8080 kapbot serve`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, problems, err := settings(cmd, k, path)
			if err != nil {
				return err
			}
			if !c.Slack.On && !c.Discord.On && c.Web.Listen == "" {
				return errors.New("no platform is configured; add [slack], [discord] or [web] to the configuration, see config.example.toml")
			}
			level := new(slog.LevelVar)
			log := service.NewLog(cmd.ErrOrStderr(), c, onTerminal(cmd.ErrOrStderr()), level)
			for _, p := range problems {
				log.Warn("configuration", "problem", p.String())
			}
			hangup := make(chan os.Signal, 1)
			signal.Notify(hangup, syscall.SIGHUP)
			defer signal.Stop(hangup)
			s, err := service.New(cmd.Context(), service.Options{
				Config: c, Version: buildVersion(), Log: log, Level: level,
				Adapters: adapters, Page: operatorPage, Hangup: hangup,
				Reread: func() (config.Config, error) {
					fresh, problems := configuration(k, c.File)
					return fresh, problems.Err()
				},
			})
			if err != nil {
				return err
			}
			s.Run(cmd.Context())
			return nil
		},
	}
	configFlag(cmd, &path)
	return cmd
}

// defaultConfig is read if it is there and --config is not given.
const defaultConfig = "config.toml"

func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "config", "c", "", "configuration `file` (default "+defaultConfig+" if there is one)")
}

// settings reads the configuration for a command. Mistakes are shown all at
// once; what is returned with it are the warnings.
func settings(cmd *cobra.Command, k *knowledge, path string) (config.Config, config.Problems, error) {
	c, problems := configuration(k, configPath(path))
	if err := problems.Err(); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), err)
		fmt.Fprintln(cmd.ErrOrStderr(), "kapbot: the configuration cannot be used; mend the lines above and try `kapbot check`")
		return c, nil, errReported
	}
	return c, problems, nil
}

// configuration reads the file, the environment and the flags, the last of
// which wins.
func configuration(k *knowledge, path string) (config.Config, config.Problems) {
	c, problems := config.Read(path, os.Environ())
	c.Documents = append(c.Documents, k.documents...)
	if k.region != "" {
		c.Region = k.region
	}
	return c, problems
}

func configPath(path string) string {
	if path != "" {
		return path
	}
	if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return defaultConfig
}

func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
