// Command fit learns the model that decides between topics and subjects from
// the wordings in kb/wordings and writes kb/kap.model. `go generate ./kb` runs
// it. The same wordings give the same bytes on any machine.
//
// "fit triage" learns the model that notices danger, from the lines in
// bot/triage/lines beside those wordings, and writes bot/triage/triage.model and
// the figures in docs/safety-figures.md; `go generate ./bot/triage` runs it.
//
// With -report it also writes what cross-validation and the questions put aside
// say of the model; with -misses it lists the wordings that cross-validation got
// wrong, the worst first: what to read before writing new ones.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"

	"kapbot/kb"
	"kapbot/kb/classify"
	"kapbot/kb/wordings"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fit: ")
	var c config
	flag.StringVar(&c.out, "out", "kap.model", "file to write the model to")
	flag.StringVar(&c.report, "report", "", "file to write the report to")
	flag.StringVar(&c.heldOut, "heldout", "testdata/heldout.jsonl", "questions put aside to judge the model on")
	flag.IntVar(&c.misses, "misses", 0, "list so many misses of cross-validation")
	flag.BoolVar(&c.ablation, "ablation", false, "with -report: also fit without each ingredient, and after each round (many minutes)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fit := run
	if flag.Arg(0) == "triage" {
		fit = runTriage
	}
	if err := fit(ctx, c); err != nil {
		stop()
		log.Fatal(err)
	}
}

type config struct {
	out, report, heldOut string
	misses               int
	ablation             bool
}

func run(ctx context.Context, c config) error {
	all, err := wordings.Read(wordings.Files)
	if err != nil {
		return err
	}
	set, err := builtinSet()
	if err != nil {
		return err
	}
	data, judged, err := classify.Fit(ctx, all, set, classify.Recipe())
	if err != nil {
		return err
	}
	m, err := classify.Open(data)
	if err != nil {
		return err
	}
	held, err := readHeldOut(c.heldOut)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.out, data, 0o644); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	figures := []figure{measure("cross-validation", judged), measure("put aside", held.judge(m, set))}
	for _, f := range figures {
		fmt.Println(f)
	}
	listMisses(os.Stdout, judged, c.misses)
	if c.report == "" {
		return nil
	}
	r := report{model: m, size: len(data), lines: len(all), figures: figures}
	if c.ablation {
		if r.ablation, err = ablate(ctx, all, set, held, judged, held.judge(m, set)); err != nil {
			return err
		}
		if r.curve, err = curve(ctx, all, set, held); err != nil {
			return err
		}
	}
	return r.write(c.report)
}

// builtinSet takes the topics from the built-in document. A study is answered by
// the overview that holds it too, and the overview by one of its studies.
func builtinSet() (classify.Set, error) {
	doc, err := kb.Builtin()
	if err != nil {
		return classify.Set{}, fmt.Errorf("read the built-in document: %w", err)
	}
	parent := func(name string) string {
		if t := doc.Topic(name); t != nil {
			return t.Parent
		}
		return ""
	}
	return classify.Set{
		Covered: func(label string) bool { return doc.Topic(label) != nil },
		Right: func(topic, label string) bool {
			return topic == label || parent(topic) == label && label != "" || parent(label) == topic && topic != ""
		},
	}, nil
}

func priorNote(w wordings.Wording) string {
	if w.Prior == "" {
		return w.Text
	}
	return strings.Join([]string{w.Prior, w.Text}, " => ")
}
