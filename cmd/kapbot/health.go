package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"kapbot/cmd/kapbot/ops"
)

func newHealth(k *knowledge) *cobra.Command {
	var path string
	var ready bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running kapbot how it is",
		Long: `Asks the operator's listener of a running 'kapbot serve' and ends with status 0
if it works. For container health checks, where there is no curl.`,
		Example: `  kapbot health
  kapbot health --ready --config /etc/kapbot/config.toml`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := settings(cmd, k, path)
			if err != nil {
				return err
			}
			if c.Ops.Listen == "" {
				return fmt.Errorf("ops.listen is off; there is nothing to ask")
			}
			r, err := ask(cmd.Context(), c.Ops.Listen, ready)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), r.State)
			for _, t := range r.Troubles {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %s (since %s)\n", t.Part, t.Reason, t.Since.Format(time.RFC3339))
			}
			if ready && !r.Ready {
				return errReported
			}
			return nil
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&ready, "ready", false, "fail also while it cannot answer anyone")
	return cmd
}

// ask gets the report of the process that listens on addr.
func ask(ctx context.Context, addr string, ready bool) (ops.Report, error) {
	var report ops.Report
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return report, fmt.Errorf("ops.listen: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	path := "/healthz"
	if ready {
		path = "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return report, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return report, fmt.Errorf("no kapbot answers on %s; is it running? %w", addr, err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&report); err != nil {
		return report, fmt.Errorf("what answers on %s is not kapbot: %w", addr, err)
	}
	return report, nil
}
