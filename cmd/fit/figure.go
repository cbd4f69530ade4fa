package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"kapbot/kb/classify"
	"kapbot/kb/linear"
)

// figure is how good a model is on some questions.
type figure struct {
	name               string
	covered, uncovered int
	auroc              float64 // telling the answerable from the unanswerable
	first              float64 // right topic first, whether answered or not
	top1               float64 // answered rightly when 95 % of the unanswerable are abstained from
	brier              float64
	bins               []linear.Bin
	// With the model's own thresholds:
	answered, wrong, helped float64 // of the answerable
	abstained, pestered     float64 // of the unanswerable
}

func measure(name string, judged []classify.Judged) figure {
	return measureAs(name, judged, true)
}

// measureScore measures where Probability holds some other score.
func measureScore(judged []classify.Judged) figure { return measureAs("", judged, false) }

func measureAs(name string, judged []classify.Judged, probabilities bool) figure {
	f := figure{name: name}
	var p []float64
	var covered, right []bool
	for _, j := range judged {
		p = append(p, j.Ranking.Probability)
		covered, right = append(covered, j.Covered), append(right, j.Right)
	}
	f.auroc = linear.AUROC(p, covered)
	if probabilities {
		f.brier = linear.Brier(p, right)
		f.bins = linear.Reliability(p, right, 10)
	}
	threshold := linear.ThresholdAt(p, covered, 0.05)
	for i, j := range judged {
		sure := j.Ranking.Verdict == classify.Sure
		if !j.Covered {
			f.uncovered++
			f.abstained += one(!sure)
			f.pestered += one(j.Ranking.Verdict == classify.Likely)
			continue
		}
		f.covered++
		f.first += one(j.Right)
		f.top1 += one(j.Right && p[i] > threshold)
		f.answered += one(j.Right && sure)
		f.wrong += one(!j.Right && sure)
		f.helped += one(j.Right && sure || !sure && j.Helped)
	}
	for _, share := range []*float64{&f.first, &f.top1, &f.answered, &f.wrong, &f.helped} {
		*share /= float64(max(f.covered, 1))
	}
	f.abstained /= float64(max(f.uncovered, 1))
	f.pestered /= float64(max(f.uncovered, 1))
	return f
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (f figure) String() string {
	return fmt.Sprintf("%s (%d answerable, %d not): AUROC %.4f, right first %.3f, top1 at .95 %.3f, Brier %.4f; "+
		"as set: top1 %.3f, wrong %.3f, helped %.3f, abstained %.3f, pestered %.3f",
		f.name, f.covered, f.uncovered, f.auroc, f.first, f.top1, f.brier,
		f.answered, f.wrong, f.helped, f.abstained, f.pestered)
}

// listMisses prints the n worst misses: answers given that are wrong, and
// answers missed, by how sure the model was.
func listMisses(w io.Writer, judged []classify.Judged, n int) {
	var misses []classify.Judged
	for _, j := range judged {
		if j.Covered && (!j.Right || j.Ranking.Verdict != classify.Sure) || !j.Covered && j.Ranking.Verdict == classify.Sure {
			misses = append(misses, j)
		}
	}
	how := func(j classify.Judged) float64 {
		if j.Ranking.Verdict == classify.Sure {
			return j.Ranking.Probability
		}
		return 1 - j.Ranking.Probability
	}
	slices.SortStableFunc(misses, func(a, b classify.Judged) int { return cmp.Compare(how(b), how(a)) })
	for _, j := range misses[:min(n, len(misses))] {
		r := j.Ranking
		fmt.Fprintf(w, "%.2f %s: %s | %s %.2f, %s %.2f\n", r.Probability, j.Wording.Label, priorNote(j.Wording),
			r.Topics[0].Name, r.Topics[0].Margin, r.Subjects[0].Name, r.Subjects[0].Margin)
	}
}
