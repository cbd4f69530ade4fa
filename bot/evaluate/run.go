package evaluate

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kapbot/bot"
)

// Replier is what is measured: a *bot.Bot.
type Replier interface {
	Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
}

// Result is what a set of questions shows.
type Result struct {
	Name string `json:"name"`
	// Labelled are the figures of the lines with gold, nil if there are none.
	Labelled Figures `json:"labelled,omitempty"`
	// Calibration is nil if no labelled line states a probability.
	Calibration *Calibration `json:"calibration,omitempty"`
	// Expected holds the figures of the lines with expect, a group at a time.
	Expected []Group `json:"expected,omitempty"`
	// Misses are the lines that fell short, in the set's order.
	Misses []Miss `json:"misses"`
}

// Group are lines that expect the same and share a stratum.
type Group struct {
	Name    string  `json:"name"`
	Figures Figures `json:"figures"`
}

// Miss is a line that fell short.
type Miss struct {
	Line    int    `json:"line"`
	Verdict string `json:"verdict"` // what it was judged to be; for expect, what was expected
	Q       string `json:"q"`
	Want    string `json:"want"`
	Got     string `json:"got"` // kind and topic
}

// Run asks every question of a set, as many at once as there are processors,
// each in its own conversation. Progress, if not nil, is called after each, from
// several goroutines. The error is ctx's.
func Run(ctx context.Context, b Replier, s Set, progress func()) (Result, error) {
	lines := append(append([]Line(nil), s.Labelled...), s.Expected...)
	records := make([]bot.Record, len(lines))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, l := range lines {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			records[i] = ask(ctx, b, l)
			if progress != nil {
				progress()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return Result{}, fmt.Errorf("evaluate %s: %w", s.Name, err)
	}
	r := Result{Name: s.Name, Misses: []Miss{}}
	n := len(s.Labelled)
	if n > 0 {
		r.labelled(s.Labelled, records[:n])
	}
	r.expected(s.Expected, records[n:])
	return r, nil
}

func ask(ctx context.Context, b Replier, l Line) bot.Record {
	var talk bot.Conversation
	if l.Prior != "" {
		_, talk = b.Reply(ctx, bot.Message{Text: l.Prior, Direct: true}, talk)
	}
	start := time.Now()
	reply, _ := b.Reply(ctx, bot.Message{Text: l.Q, Direct: true}, talk)
	return reply.Record("", time.Since(start))
}

func (r *Result) miss(l Line, verdict, want string, got bot.Record) {
	r.Misses = append(r.Misses, Miss{Line: l.Number, Verdict: verdict, Q: l.Q, Want: want,
		Got: strings.TrimSpace(string(got.Kind) + " " + got.Topic)})
}
