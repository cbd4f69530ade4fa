package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kapbot/bot"
	"kapbot/bot/evaluate"
)

// evaluation is what the flags of eval ask for.
type evaluation struct {
	misses, json bool
	bounds       []evaluate.Bound
}

func newEval(k *knowledge) *cobra.Command {
	var e evaluation
	var lower, upper string
	cmd := &cobra.Command{
		Use:   "eval file…",
		Short: "Measure the answers against questions whose right answer is known",
		Long: `Asks every question of the files and says how many were answered rightly: run it
after editing a document. A file holds one question a line as JSON:

  {"q": "does it help with PTSD?", "gold": ["who-benefits"], "also": ["how-it-works"]}
  {"q": "what does it cost?", "gold": ["none"]}
  {"q": "and for anxiety?", "prior": "does it help with PTSD?", "gold": ["who-benefits"]}
  {"q": "how many milligrams should I take?", "expect": "dosing-refusal"}

gold names the topics that answer (or "none"), also those that are partly
relevant; expect names an outcome instead. With --min or --max the command fails
if a figure does not keep its bound in one of the files.`,
		Example: `  kapbot eval questions.jsonl
  kapbot eval --misses --kb clinic.md questions.jsonl
  kapbot eval --min top1=0.9,abstained=0.9 --max wrong=0.02 questions.jsonl`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, files []string) error {
			for _, side := range []struct {
				text  string
				upper bool
			}{{lower, false}, {upper, true}} {
				bounds, err := evaluate.ParseBounds(side.text, side.upper)
				if err != nil {
					return usageError{err}
				}
				e.bounds = append(e.bounds, bounds...)
			}
			sets, err := readSets(files)
			if err != nil {
				return err
			}
			b, err := k.open(cmd.Context())
			if err != nil {
				return err
			}
			defer b.Close()
			return e.run(cmd, b, sets)
		},
	}
	cmd.Flags().BoolVar(&e.misses, "misses", false, "also print the questions that fell short")
	cmd.Flags().BoolVar(&e.json, "json", false, "print a JSON array, a result for each file")
	cmd.Flags().StringVar(&lower, "min", "", "`figures` that must be reached, such as top1=0.9,abstained=0.9")
	cmd.Flags().StringVar(&upper, "max", "", "`figures` that must not be exceeded, such as wrong=0.02")
	return cmd
}

// readSets reads the files; the error holds the mistakes of all of them.
func readSets(files []string) ([]evaluate.Set, error) {
	var sets []evaluate.Set
	var bad []error
	for _, name := range files {
		s, err := readSet(name)
		if err != nil {
			bad = append(bad, err)
		}
		sets = append(sets, s)
	}
	return sets, errors.Join(bad...)
}

func readSet(name string) (evaluate.Set, error) {
	f, err := os.Open(name)
	if err != nil {
		return evaluate.Set{}, fmt.Errorf("read questions: %w", err)
	}
	defer f.Close()
	return evaluate.Read(name, f)
}

func (e evaluation) run(cmd *cobra.Command, b *bot.Bot, sets []evaluate.Set) error {
	results := []evaluate.Result{}
	for _, s := range sets {
		r, err := measure(cmd.Context(), b, s, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if err := e.write(cmd.OutOrStdout(), results); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	broken := evaluate.Check(results, e.bounds)
	for _, line := range broken {
		fmt.Fprintln(cmd.ErrOrStderr(), "kapbot: "+line)
	}
	if len(broken) > 0 {
		return errReported
	}
	return nil
}

func (e evaluation) write(w io.Writer, results []evaluate.Result) error {
	if e.json {
		return encoder(w).Encode(results)
	}
	for i, r := range results {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if err := r.WriteTable(w, e.misses); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a set and counts the questions on errOut if that is a terminal.
func measure(ctx context.Context, b *bot.Bot, s evaluate.Set, errOut io.Writer) (evaluate.Result, error) {
	f, ok := errOut.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return evaluate.Run(ctx, b, s, nil)
	}
	var done atomic.Int64
	step := max(1, int64(s.Len())/100)
	defer fmt.Fprint(f, "\r\x1b[K")
	return evaluate.Run(ctx, b, s, func() {
		if n := done.Add(1); n%step == 0 {
			fmt.Fprintf(f, "\r%s: %d of %d questions", s.Name, n, s.Len())
		}
	})
}
