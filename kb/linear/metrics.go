package linear

import (
	"cmp"
	"math"
	"slices"
)

// AUROC is the chance that a true outcome scores above a false one, ties
// counting half; 0.5 when either side is empty.
func AUROC(scores []float64, y []bool) float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	var rankSum, pos float64
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && scores[order[j]] == scores[order[i]] {
			j++
		}
		rank := float64(i+j+1) / 2 // the mean of ranks i+1 … j
		for ; i < j; i++ {
			if y[order[i]] {
				rankSum += rank
				pos++
			}
		}
	}
	neg := float64(len(scores)) - pos
	if pos == 0 || neg == 0 {
		return 0.5
	}
	return (rankSum - pos*(pos+1)/2) / (pos * neg)
}

// Brier is the mean squared distance of probabilities from outcomes: 0 is
// perfect, 0.25 is what always saying one half earns.
func Brier(p []float64, y []bool) float64 {
	var sum float64
	for i := range p {
		d := p[i]
		if y[i] {
			d--
		}
		sum += d * d
	}
	return sum / float64(max(len(p), 1))
}

// Bin is a row of a reliability table: of N cases given a probability in
// [Low, High), Mean is their mean probability and Rate the share that came
// true.
type Bin struct {
	Low, High  float64
	N          int
	Mean, Rate float64
}

// Reliability sorts cases into equally wide bins; empty ones are left out.
func Reliability(p []float64, y []bool, bins int) []Bin {
	all := make([]Bin, bins)
	for i := range p {
		b := &all[min(int(p[i]*float64(bins)), bins-1)]
		b.N++
		b.Mean += p[i]
		if y[i] {
			b.Rate++
		}
	}
	var out []Bin
	for i, b := range all {
		if b.N == 0 {
			continue
		}
		b.Low, b.High = float64(i)/float64(bins), float64(i+1)/float64(bins)
		b.Mean /= float64(b.N)
		b.Rate /= float64(b.N)
		out = append(out, b)
	}
	return out
}

// ThresholdAt is the lowest score above which at most share of the false
// outcomes lie: the threshold for a false-alarm rate.
func ThresholdAt(scores []float64, y []bool, share float64) float64 {
	var wrong []float64
	for i := range scores {
		if !y[i] {
			wrong = append(wrong, scores[i])
		}
	}
	slices.Sort(wrong)
	allowed := int(share * float64(len(wrong)))
	if allowed >= len(wrong) {
		return math.Inf(-1)
	}
	return wrong[len(wrong)-1-allowed]
}
