package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/config"
	"kapbot/cmd/kapbot/insights"
	"kapbot/cmd/kapbot/service"
)

func newInsights(k *knowledge) *cobra.Command {
	var path, since string
	var asJSON, asCSV bool
	read := func(cmd *cobra.Command) (engine.Report, insights.Summary, error) {
		c, _, err := settings(cmd, k, path)
		if err != nil {
			return engine.Report{}, insights.Summary{}, err
		}
		return readReport(cmd.Context(), c, since)
	}
	cmd := &cobra.Command{
		Use:   "insights",
		Short: "Report what people ask, what helps and what to write next",
		Long: `Reads the store of 'kapbot serve', also while it runs, and reports questions by
kind and topic over time, ratings, and the subjects that people ask about and no
document covers. No question is in it, unless keep_unanswered is on: then those
that were not covered are, with names, numbers and links taken out.`,
		Example: `  kapbot insights
  kapbot insights --since 90d --json
  kapbot insights --since 2026-01-01 --csv > insights.csv
  kapbot insights draft > clinic.md`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && asCSV {
				return wrongUsage("--json and --csv do not go together; choose one")
			}
			r, s, err := read(cmd)
			switch {
			case err != nil:
				return err
			case asCSV:
				return insights.WriteCSV(cmd.OutOrStdout(), r)
			case asJSON:
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(s)
			default:
				return s.WriteText(cmd.OutOrStdout())
			}
		},
	}
	configFlag(cmd, &path)
	cmd.PersistentFlags().StringVar(&since, "since", "30d", "how far back: a `time` such as 24h, 30d or 2026-01-01")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "write every count as a line of CSV")

	draft := &cobra.Command{
		Use:   "draft",
		Short: "Write the beginning of a document on what is asked and not covered",
		Long: `Writes Markdown with a topic for each of the subjects that people ask about most
and no document covers. Fill in the answers, add the file to documents, and
'kapbot check' says whether it is right.`,
		Example: `  kapbot insights draft --since 90d > clinic.md`,
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, s, err := read(cmd)
			if err != nil {
				return err
			}
			return s.WriteDraft(cmd.OutOrStdout(), time.Now())
		},
	}
	configFlag(draft, &path)
	cmd.AddCommand(draft)
	return cmd
}

func readReport(ctx context.Context, c config.Config, since string) (r engine.Report, s insights.Summary, err error) {
	now := time.Now()
	from, err := parseSince(since, now)
	if err != nil {
		return r, s, err
	}
	if c.Store.Reveal() == "memory" {
		return r, s, fmt.Errorf("the store is in the memory of 'kapbot serve' and cannot be read from here; set store to a file or a database")
	}
	if err := present(c.Store); err != nil {
		return r, s, err
	}
	store, err := service.OpenStore(c)
	if err != nil {
		return r, s, err
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	until := now.Truncate(time.Hour).Add(time.Hour) // the hour that is under way is counted too
	if r, err = store.Report(ctx, from, until); err != nil {
		return r, s, fmt.Errorf("read the store %s: %w", config.DescribeStore(c.Store), err)
	}
	return r, insights.Summarize(r, from, until), nil
}

// parseSince reads how far back to look: a duration, days ("30d") or a date.
func parseSince(text string, now time.Time) (time.Time, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 3660 {
			return now.AddDate(0, 0, -n).Truncate(24 * time.Hour), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d).Truncate(time.Hour), nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil && t.Before(now) && now.Sub(t) < 3660*24*time.Hour {
		return t, nil
	}
	return time.Time{}, wrongUsage("--since %q is no time in the past; write it like 24h, 30d or 2026-01-01", text)
}
