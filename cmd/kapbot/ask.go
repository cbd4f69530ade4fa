package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kapbot/bot"
)

func newAsk(k *knowledge) *cobra.Command {
	var asJSON, batch, explain bool
	cmd := &cobra.Command{
		Use:   "ask [question]",
		Short: "Answer one question, or many with --batch",
		Long: `Answers one question and exits. With --json the reply is one JSON object. With
--batch, standard input holds one question a line as JSON,
{"id": "1", "q": "…", "prior": "…"}, where prior is the question asked before it
in the same conversation, if any; a JSON object a line comes back in the same
order.`,
		Example: `  kapbot ask "does it help with PTSD?"
  kapbot ask --json "what does it cost?"
  kapbot ask --explain "is it legit"
  kapbot ask --batch < questions.jsonl > replies.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			question := strings.Join(args, " ")
			switch {
			case batch && (len(args) > 0 || asJSON || explain):
				return wrongUsage("--batch reads its questions from standard input and goes with no other flag or question")
			case !batch && strings.TrimSpace(question) == "":
				return wrongUsage(`name the question, such as kapbot ask "what is KAP?"`)
			}
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			if batch {
				return askBatch(cmd.Context(), b, cmd.InOrStdin(), cmd.OutOrStdout())
			}
			return askOne(cmd, b, question, asJSON, explain)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the reply as a JSON object")
	cmd.Flags().BoolVar(&batch, "batch", false, "read questions as JSON Lines from standard input")
	cmd.Flags().BoolVar(&explain, "explain", false, "also print why the bot decided so")
	return cmd
}

func askOne(cmd *cobra.Command, b *bot.Bot, question string, asJSON, explain bool) error {
	start := time.Now()
	m := bot.Message{Text: question, Direct: true}
	reply, _ := b.Reply(cmd.Context(), m, bot.Conversation{})
	took := time.Since(start)
	var err error
	if asJSON {
		err = encoder(cmd.OutOrStdout()).Encode(reply.Record("", took))
	} else {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), reply.Text())
	}
	if err == nil && explain {
		_, err = fmt.Fprintf(cmd.ErrOrStderr(), "\n%s\n", b.Explain(cmd.Context(), m, bot.Conversation{}))
	}
	if err != nil {
		return fmt.Errorf("write reply: %w", err)
	}
	return nil
}

func encoder(w interface{ Write([]byte) (int, error) }) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
