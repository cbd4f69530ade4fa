package main

import (
	"io"

	"github.com/spf13/cobra"

	"kapbot/adapters/discord"
	"kapbot/adapters/slack"
)

func newManifest(k *knowledge) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print what a platform asks for when the bot is registered",
		Args:  known,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newManifestSlack(), newManifestDiscord(k))
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

func newManifestDiscord(k *knowledge) *cobra.Command {
	var path, id string
	var content bool
	cmd := &cobra.Command{
		Use:   "discord",
		Short: "Print the invite link, the permissions and the intents to switch on",
		Example: `  kapbot manifest discord
  kapbot manifest discord --application-id 123456789012345678`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if id == "" {
				c, _ := configuration(k, configPath(path)) // its mistakes are for check to tell
				id, content = c.Discord.ApplicationID, content || c.Discord.MessageContent
			}
			if id == "" {
				return wrongUsage("the application's id is not known; copy it from the page General Information and give it with --application-id")
			}
			_, err := io.WriteString(cmd.OutOrStdout(), discord.Manifest(id, content))
			return err
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&id, "application-id", "", "the application's `id` (default: discord.application_id)")
	cmd.Flags().BoolVar(&content, "message-content", false, "with the privileged intent, to answer questions that call nobody")
	return cmd
}
