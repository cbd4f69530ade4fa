package main

import (
	"github.com/spf13/cobra"

	"kapbot/adapters/slack"
)

func newManifest() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print what a platform asks for when the bot is registered",
		Args:  known,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newManifestSlack())
	return cmd
}

func newManifestSlack() *cobra.Command {
	var o slack.ManifestOptions
	cmd := &cobra.Command{
		Use:   "slack",
		Short: "Print the app manifest, to be pasted at api.slack.com/apps",
		Long: `Prints the app manifest for Slack: choose "Create New App", then "From a
manifest", and paste it. It asks for no more than the bot needs.`,
		Example: `  kapbot manifest slack
  kapbot manifest slack --http https://kapbot.example.org`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := slack.Manifest(o)
			if err != nil {
				return wrongUsage("%v", err)
			}
			_, err = cmd.OutOrStdout().Write(append(m, '\n'))
			return err
		},
	}
	cmd.Flags().StringVar(&o.HTTP, "http", "", "https `address` at which Slack reaches kapbot, for mode \"http\"")
	cmd.Flags().BoolVar(&o.Install, "install", false, "for many workspaces that install the app by OAuth")
	return cmd
}
