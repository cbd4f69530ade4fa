package classify

import (
	"fmt"

	"kapbot/kb/linear"
)

// Calibration turns a ranking into a probability and a verdict.
type Calibration struct {
	Logistic linear.Logistic `json:"logistic"`
	// Answer and Offer are the probabilities from which on the model is Sure
	// and finds an answer Likely.
	Answer float64 `json:"answer"`
	Offer  float64 `json:"offer"`
}

// The shares of questions that no topic answers, by cross-validation, that the
// thresholds let through: to be answered, and to be offered choices.
const (
	falseAnswers = 0.04
	falseOffers  = 0.12
)

// signalCount is the number of signals.
const signalCount = 5

// signals are the figures of a ranking that its probability is made of.
func signals(r Ranking) []float64 {
	best := r.Topics[0].Margin
	ahead := 1.0
	if len(r.Topics) > 1 {
		ahead = min(best-r.Topics[1].Margin, 1)
	}
	return []float64{best - r.Subjects[0].Margin, best, r.Covered, ahead, r.UnseenWords}
}

func (c Calibration) judge(r Ranking) (float64, Verdict) {
	p := c.Logistic.Probability(signals(r)...)
	switch {
	case p >= c.Answer:
		return p, Sure
	case p >= c.Offer:
		return p, Likely
	default:
		return p, Unlikely
	}
}

func (c Calibration) check() error {
	if n := len(c.Logistic.Weights); n != signalCount {
		return fmt.Errorf("calibration: %d weights: want %d", n, signalCount)
	}
	return nil
}

// calibrate learns from rankings of lines that the model had not seen.
func calibrate(rankings []Ranking, right, covered []bool) (Calibration, error) {
	x := make([][]float64, len(rankings))
	for i, r := range rankings {
		x[i] = signals(r)
	}
	l, err := linear.FitLogistic(x, right, 1)
	if err != nil {
		return Calibration{}, err
	}
	p := make([]float64, len(x))
	for i := range x {
		p[i] = l.Probability(x[i]...)
	}
	return Calibration{
		Logistic: l,
		Answer:   round3(linear.ThresholdAt(p, covered, falseAnswers)),
		Offer:    round3(linear.ThresholdAt(p, covered, falseOffers)),
	}, nil
}

// round3 rounds up to three places, so that thresholds do not depend on the
// machine.
func round3(x float64) float64 { return float64(int(x*1000)+1) / 1000 }
