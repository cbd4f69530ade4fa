package linear

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAUROC(t *testing.T) {
	for _, c := range []struct {
		scores []float64
		y      []bool
		want   float64
	}{
		{[]float64{1, 2, 3, 4}, []bool{false, false, true, true}, 1},
		{[]float64{4, 3, 2, 1}, []bool{false, false, true, true}, 0},
		{[]float64{1, 1, 1, 1}, []bool{false, false, true, true}, 0.5},
		{[]float64{1, 2, 3}, []bool{false, true, false}, 0.5},
		{[]float64{1, 2}, []bool{true, true}, 0.5},
	} {
		if got := AUROC(c.scores, c.y); got != c.want {
			t.Errorf("AUROC(%v, %v) = %v, want %v", c.scores, c.y, got, c.want)
		}
	}
}

func TestThresholdAtLetsThroughNoMoreThanItsShare(t *testing.T) {
	scores := []float64{.1, .2, .3, .4, .5, .9}
	y := []bool{false, false, false, false, false, true}
	for share, want := range map[float64]int{0: 0, 0.2: 1, 0.5: 2, 1: 5} {
		threshold, let := ThresholdAt(scores, y, share), 0
		for i, s := range scores {
			if s > threshold && !y[i] {
				let++
			}
		}
		if let != want {
			t.Errorf("share %.1f: %d false ones above %.2f, want %d", share, let, threshold, want)
		}
	}
}

func TestReliabilityAndBrier(t *testing.T) {
	p, y := []float64{0.1, 0.1, 0.9, 1}, []bool{false, true, true, true}
	want := []Bin{{0, 0.5, 2, 0.1, 0.5}, {0.5, 1, 2, 0.95, 1}}
	if d := cmp.Diff(want, Reliability(p, y, 2), cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Error(d)
	}
	if b := Brier(p, y); math.Abs(b-(0.01+0.81+0.01)/4) > 1e-9 {
		t.Errorf("Brier %v", b)
	}
}

func TestFitLogistic(t *testing.T) {
	var x [][]float64
	var y []bool
	for i := range 400 { // true with the chance sigmoid(2m-1), spread evenly
		m := float64(i%20)/5 - 2
		x = append(x, []float64{m})
		y = append(y, float64(i/20)+0.5 < 20*Sigmoid(2*m-1))
	}
	l, err := FitLogistic(x, y, 0)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(l.Weights[0]-2) > 0.15 || math.Abs(l.Bias+1) > 0.15 {
		t.Errorf("weights %v, bias %v: want about 2 and -1", l.Weights, l.Bias)
	}
	if p := l.Probability(0.5); math.Abs(p-0.5) > 0.03 {
		t.Errorf("probability at the border %v", p)
	}
}

func TestFitIsotonicNeverFalls(t *testing.T) {
	iso := FitIsotonic([]float64{1, 2, 3, 4, 5, 5}, []bool{false, true, false, true, true, false})
	last := -1.0
	for s := 0.0; s < 6; s += 0.25 {
		p := iso.Probability(s)
		if p < last {
			t.Errorf("falls from %v to %v at %v", last, p, s)
		}
		last = p
	}
	if got := iso.Probability(2.5); got != 0.5 {
		t.Errorf("between pools: %v, want 0.5", got)
	}
}
