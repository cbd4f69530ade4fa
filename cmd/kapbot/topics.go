package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newTopics(k *knowledge) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "topics",
		Short:   "List the topics: their ids and questions",
		Example: "  kapbot topics\n  kapbot topics --json --kb clinic.md",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			topics := b.Topics()
			if asJSON {
				return encoder(cmd.OutOrStdout()).Encode(topics)
			}
			width := 0
			for _, t := range topics {
				width = max(width, len(t.ID))
			}
			for _, t := range topics {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-*s  %s\n", width, t.ID, t.Question); err != nil {
					return fmt.Errorf("write topics: %w", err)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

func newShow(k *knowledge) *cobra.Command {
	return &cobra.Command{
		Use:     "show topic",
		Short:   "Print a whole topic",
		Example: "  kapbot show how-it-works\n  kapbot show study-chronic-pain",
		Args:    arguments(cobra.ExactArgs(1)),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return k.completeTopics(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			reply, ok := b.Show(args[0])
			if !ok {
				var ids []string
				for _, t := range b.Topics() {
					ids = append(ids, t.ID)
				}
				return fmt.Errorf("there is no topic %q; the topics are %s", args[0], strings.Join(ids, ", "))
			}
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), reply.Text()); err != nil {
				return fmt.Errorf("write topic: %w", err)
			}
			return nil
		},
	}
}

// completeTopics offers topic ids to the shell.
func (k *knowledge) completeTopics(cmd *cobra.Command, args []string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	b, err := k.open(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer b.Close()
	var ids []cobra.Completion
	for _, t := range b.Topics() {
		ids = append(ids, cobra.CompletionWithDesc(t.ID, t.Question))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
