package main

import (
	"github.com/spf13/cobra"

	"kapbot/adapters/terminal"
)

func newChat(k *knowledge) *cobra.Command {
	return &cobra.Command{
		Use:   "chat",
		Short: "Talk with the bot in this terminal",
		Long: `Opens a conversation. Type a question and press Enter; ? shows the topics;
Tab completes a topic's question; Ctrl-D or Ctrl-C leaves. When input or output
is a pipe, each line is a question and replies are plain text.`,
		Example: `  kapbot chat
  echo "what is KAP?" | kapbot chat
  kapbot chat --kb clinic.md --region GB`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			return terminal.New(b, terminal.Options{In: cmd.InOrStdin(), Out: cmd.OutOrStdout()}).Run(cmd.Context())
		},
	}
}
