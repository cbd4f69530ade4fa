package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"kapbot/adapters/web"
)

func newWeb(k *knowledge) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "web",
		Short: "Open the page on this machine, without any configuration",
		Long: `Serves the web page and the HTTP API on loopback until Ctrl-C, without a token,
an account or a file. Nothing is kept. For a page on the internet use
'kapbot serve' with a [web] section.`,
		Example: `  kapbot web
  kapbot web --listen 127.0.0.1:9000 --kb clinic.md`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			s, err := web.New(web.Options{
				Bot: b, Listen: listen,
				Log: slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)),
				Ready: func(address string) {
					fmt.Fprintf(cmd.OutOrStdout(), "The page is at http://%s/. Ctrl-C ends it.\n", address)
				},
			})
			if err != nil {
				return err
			}
			return s.Run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "`address` of the page")
	return cmd
}
