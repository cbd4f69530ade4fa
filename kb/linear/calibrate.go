package linear

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// Logistic turns one or more figures into a probability. With a margin alone
// it is Platt's calibration.
type Logistic struct {
	Weights []float64 `json:"weights"`
	Bias    float64   `json:"bias"`
}

// Probability in (0, 1).
func (l Logistic) Probability(x ...float64) float64 {
	s := l.Bias
	for i, w := range l.Weights {
		s += w * x[i]
	}
	return Sigmoid(s)
}

// FitLogistic finds the weights that make the outcomes most likely, by
// Newton's method with a small penalty l2 on the weights (not on the bias). The
// result is rounded to four places so that it does not depend on the machine.
func FitLogistic(x [][]float64, y []bool, l2 float64) (Logistic, error) {
	if len(x) == 0 || len(x) != len(y) {
		return Logistic{}, errors.New("fit logistic: need as many outcomes as rows, and at least one")
	}
	n := len(x[0]) + 1
	theta := make([]float64, n) // the bias is last
	row := make([]float64, n)
	for range 50 {
		gradient, hessian := make([]float64, n), make([][]float64, n)
		for i := range hessian {
			hessian[i] = make([]float64, n)
		}
		for i := range x {
			copy(row, x[i])
			row[n-1] = 1
			accumulate(gradient, hessian, theta, row, y[i])
		}
		for i := range n - 1 {
			gradient[i] += l2 * theta[i]
			hessian[i][i] += l2
		}
		step, ok := solveLinear(hessian, gradient)
		if !ok {
			return Logistic{}, errors.New("fit logistic: figures do not tell the outcomes apart or depend on one another")
		}
		var moved float64
		for i := range theta {
			theta[i] -= step[i]
			moved = max(moved, math.Abs(step[i]))
		}
		if moved < 1e-8 {
			break
		}
	}
	for i := range theta {
		theta[i] = math.Round(theta[i]*1e4) / 1e4
	}
	return Logistic{Weights: theta[:n-1], Bias: theta[n-1]}, nil
}

func accumulate(gradient []float64, hessian [][]float64, theta, row []float64, y bool) {
	var s float64
	for k, v := range row {
		s += theta[k] * v
	}
	p := Sigmoid(s)
	miss := p
	if y {
		miss = p - 1
	}
	curve := max(p*(1-p), 1e-9)
	for a, va := range row {
		gradient[a] += miss * va
		for b, vb := range row {
			hessian[a][b] += curve * va * vb
		}
	}
}

// solveLinear solves a·x = b by elimination with pivoting; it changes both.
func solveLinear(a [][]float64, b []float64) ([]float64, bool) {
	n := len(b)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		if math.Abs(a[p][c]) < 1e-12 {
			return nil, false
		}
		a[c], a[p], b[c], b[p] = a[p], a[c], b[p], b[c]
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < n; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	for c := n - 1; c >= 0; c-- {
		for k := c + 1; k < n; k++ {
			b[c] -= a[c][k] * b[k]
		}
		b[c] /= a[c][c]
	}
	return b, true
}

// Isotonic maps a score to the share of true outcomes among like scores; it
// never falls as the score rises.
type Isotonic struct {
	Scores []float64 `json:"scores"` // ascending
	Shares []float64 `json:"shares"`
}

// FitIsotonic pools neighbours that are out of order until none is.
func FitIsotonic(scores []float64, y []bool) Isotonic {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	type pool struct{ low, sum, n float64 }
	var pools []pool
	for _, i := range order {
		p := pool{low: scores[i], n: 1}
		if y[i] {
			p.sum = 1
		}
		pools = append(pools, p)
		for k := len(pools) - 1; k > 0; k-- {
			a, b := pools[k-1], pools[k]
			if a.low < b.low && a.sum/a.n < b.sum/b.n {
				break
			}
			pools[k-1] = pool{a.low, a.sum + b.sum, a.n + b.n}
			pools = pools[:k]
		}
	}
	var iso Isotonic
	for _, p := range pools {
		iso.Scores = append(iso.Scores, p.low)
		iso.Shares = append(iso.Shares, p.sum/p.n)
	}
	return iso
}

// Probability of a score.
func (iso Isotonic) Probability(score float64) float64 {
	i, exact := slices.BinarySearch(iso.Scores, score)
	if exact {
		return iso.Shares[i]
	}
	if len(iso.Shares) == 0 {
		return 0
	}
	return iso.Shares[max(i-1, 0)]
}
