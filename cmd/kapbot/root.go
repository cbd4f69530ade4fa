package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"kapbot/bot"
)

// knowledge is what every command that answers needs: which documents, which
// region.
type knowledge struct {
	documents []string
	region    string
}

func (k *knowledge) open(ctx context.Context) (*bot.Bot, error) {
	return bot.New(ctx, bot.Options{Documents: k.documents, Cache: bot.DefaultCache(), Region: k.region})
}

func newRoot(s streams) *cobra.Command {
	k := &knowledge{}
	root := &cobra.Command{
		Use:   "kapbot",
		Short: "Answers questions about ketamine-assisted psychotherapy from a vetted document",
		Long: `kapbot answers questions about ketamine-assisted psychotherapy (KAP) in the
words of one vetted document, with their source, and says so when the document
has no answer. It is a computer program and gives no medical advice.`,
		Example: `  kapbot chat
  kapbot ask "who can prescribe it?"
  kapbot chat --kb clinic.md`,
		Args:          known,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringArrayVar(&k.documents, "kb", nil, "add a Markdown `file` to the built-in document (repeatable)")
	root.PersistentFlags().StringVar(&k.region, "region", "", "region whose lines of help are shown: US, GB, … (default US)")
	root.AddCommand(newChat(k), newAsk(k), newTopics(k), newShow(k), newEval(k), newWeb(k), newVersion(k))
	root.AddCommand(newServe(k), newCheck(k), newInit(), newManifest(k), newInsights(k), newHealth(k))
	return root
}

// known refuses words that are no command.
func known(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := "there is no command " + args[0]
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		err += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return wrongUsage("%s", err)
}

// arguments checks their number, as cobra's own checks do, as wrong usage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
