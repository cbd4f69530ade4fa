package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

func newInit() *cobra.Command {
	var path string
	var force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration by asking a few questions",
		Long: `Asks where the bot shall answer and writes a configuration for that. Tokens are
not asked for: the configuration names the environment variables that hold
them. config.example.toml shows all settings.`,
		Example: `  kapbot init
  kapbot init --config /etc/kapbot/config.toml`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := os.Stat(path); err == nil && !force {
				return fmt.Errorf("%s is there already; choose another name with --config, or --force to replace it", path)
			}
			text, next, err := interview(cmd.InOrStdin(), cmd.OutOrStdout())
			if err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return fmt.Errorf("write configuration: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "\n%s is written. Next:\n", path)
			for i, step := range append(next, "kapbot check --online --config "+path, "kapbot serve --config "+path) {
				fmt.Fprintf(cmd.OutOrStdout(), "%d. %s\n", i+1, step)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&path, "config", "c", defaultConfig, "`file` to write")
	cmd.Flags().BoolVar(&force, "force", false, "replace a file that is there")
	return cmd
}

// interview asks and returns the configuration and what to do next.
func interview(in io.Reader, out io.Writer) (text string, next []string, err error) {
	q := questions{in: bufio.NewScanner(in), out: out}
	var b strings.Builder
	b.WriteString("# Written by `kapbot init`. config.example.toml shows all settings.\n\n")
	fmt.Fprintf(&b, "region = %q\n", q.ask("Region whose lines of help are shown (US, GB, …)", "US"))
	if doc := q.ask("A Markdown document of your own to add (empty: none)", ""); doc != "" {
		fmt.Fprintf(&b, "documents = [%q]\n", doc)
	}
	fmt.Fprintf(&b, "store = %q\n", q.ask("Store: a SQLite file, or postgres://… for replicas", "sqlite:kapbot.db"))
	platforms := 0
	if q.yes("Answer on Slack?") {
		platforms++
		b.WriteString("\n[slack]\nbot_token = \"env:SLACK_BOT_TOKEN\"\napp_token = \"env:SLACK_APP_TOKEN\"\n")
		next = append(next, "Make the app: paste what `kapbot manifest slack` prints at api.slack.com/apps",
			"Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment")
	}
	if q.yes("Answer on Discord?") {
		platforms++
		fmt.Fprintf(&b, "\n[discord]\ntoken = \"env:DISCORD_TOKEN\"\napplication_id = %q\n", q.ask("Application id, from the page General Information", ""))
		next = append(next, "Make the application: `kapbot manifest discord` says how",
			"Set DISCORD_TOKEN in the environment")
	}
	if q.yes("Answer on a web page?") {
		platforms++
		fmt.Fprintf(&b, "\n[web]\nlisten = %q\n", q.ask("Address of the page", "127.0.0.1:8080"))
	}
	switch {
	case q.err != nil:
		return "", nil, q.err
	case platforms == 0:
		return "", nil, errors.New("nothing is written: the bot has to answer somewhere; `kapbot chat` needs no configuration")
	}
	return b.String(), next, nil
}

// questions asks one question a line. After an error it answers with defaults.
type questions struct {
	in  *bufio.Scanner
	out io.Writer
	err error
}

func (q *questions) ask(question, otherwise string) string {
	fmt.Fprintf(q.out, "%s", question)
	if otherwise != "" {
		fmt.Fprintf(q.out, " [%s]", otherwise)
	}
	fmt.Fprint(q.out, ": ")
	if q.err == nil && !q.in.Scan() {
		if q.err = q.in.Err(); q.err == nil {
			q.err = errors.New("nothing is written: the answers ended early")
		}
	}
	if q.err != nil {
		return otherwise
	}
	if a := strings.TrimSpace(q.in.Text()); a != "" {
		return a
	}
	return otherwise
}

func (q *questions) yes(question string) bool {
	for {
		switch a := strings.ToLower(q.ask(question+" (y/n)", "n")); {
		case a == "y" || a == "yes":
			return true
		case a == "n" || a == "no" || q.err != nil:
			return false
		}
		fmt.Fprintln(q.out, "Please answer y or n.")
	}
}
