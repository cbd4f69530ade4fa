package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"kapbot/bot"
)

// maxBatchLine bounds one line of a batch, in bytes.
const maxBatchLine = 1 << 20

// question is one line of a batch's input.
type question struct {
	ID    string  `json:"id"`
	Q     *string `json:"q"`
	Prior string  `json:"prior"`
}

// failedLine is what is written for a line that cannot be read.
type failedLine struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

// job is a line on its way: its output arrives on done.
type job struct {
	number int
	line   []byte
	long   bool
	done   chan any
}

// askBatch answers a question a line, in order, with as many at once as there
// are processors and no more in memory than that. It returns errReported if a
// line could not be read; the others are answered all the same.
func askBatch(ctx context.Context, b *bot.Bot, in io.Reader, out io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan job), make(chan job, 4*workers)
	g, working := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return readJobs(working, in, jobs, order)
	})
	for range workers {
		g.Go(func() error {
			for j := range jobs {
				j.done <- j.answer(working, b)
			}
			return nil
		})
	}
	failed := false
	g.Go(func() (err error) {
		failed, err = writeRecords(working, order, out)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	if failed {
		return errReported
	}
	return ctx.Err()
}

// writeRecords writes the records in order and reports whether a line had failed.
func writeRecords(ctx context.Context, order <-chan job, out io.Writer) (failed bool, err error) {
	w := bufio.NewWriter(out)
	enc := encoder(w)
	for j := range order {
		var record any
		select {
		case record = <-j.done:
		case <-ctx.Done():
			return failed, ctx.Err()
		}
		if _, bad := record.(failedLine); bad {
			failed = true
		}
		if err := enc.Encode(record); err != nil {
			return failed, fmt.Errorf("write reply: %w", err)
		}
		if len(order) > 0 {
			continue
		}
		if err := w.Flush(); err != nil {
			return failed, fmt.Errorf("write reply: %w", err)
		}
	}
	return failed, w.Flush()
}

// readJobs sends each line that is not blank to the workers, and in its order to
// the writer.
func readJobs(ctx context.Context, in io.Reader, jobs, order chan<- job) error {
	r := bufio.NewReaderSize(in, 64<<10)
	for n := 1; ; n++ {
		line, long, err := readBatchLine(r)
		if len(bytes.TrimSpace(line)) > 0 {
			j := job{number: n, line: line, long: long, done: make(chan any, 1)}
			select {
			case order <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read questions: %w", err)
		}
	}
}

// readBatchLine reads a line; of one longer than maxBatchLine it keeps the
// beginning and says so.
func readBatchLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		chunk, err := r.ReadSlice('\n')
		if len(line)+len(chunk) <= maxBatchLine {
			line = append(line, chunk...)
		} else {
			long = true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

func (j job) answer(ctx context.Context, b *bot.Bot) any {
	if j.long {
		return failedLine{Error: fmt.Sprintf("line %d: longer than %d bytes", j.number, maxBatchLine)}
	}
	var q question
	if err := json.Unmarshal(j.line, &q); err != nil {
		return failedLine{Error: fmt.Sprintf("line %d: not a JSON object with id, q and prior as strings", j.number)}
	}
	if q.Q == nil {
		return failedLine{ID: q.ID, Error: fmt.Sprintf("line %d: q, the question, is missing", j.number)}
	}
	start := time.Now()
	var talk bot.Conversation
	if q.Prior != "" {
		_, talk = b.Reply(ctx, bot.Message{Text: q.Prior, Direct: true}, talk)
	}
	reply, _ := b.Reply(ctx, bot.Message{Text: *q.Q, Direct: true}, talk)
	return reply.Record(q.ID, time.Since(start))
}
