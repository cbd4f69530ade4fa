package linear

import (
	"math"
	"math/rand/v2"
)

// problem is one class against the rest.
type problem struct {
	data  *dataset
	in    []bool
	costs []float64 // C of each line; 0 leaves it out
	seed  uint64

	tolerance float64
	passes    int
}

// solve finds the weights and bias of an L2-regularised support vector machine
// with squared hinge loss by dual coordinate descent with shrinking
// (Hsieh et al. 2008, "A Dual Coordinate Descent Method for Large-scale Linear
// SVM", algorithm 3). Products are rounded before they are added, so that a
// machine that could fuse the two gives the same weights.
func (p problem) solve() (w []float64, bias float64) {
	s := newSolver(p)
	active := len(s.order)
	limit := math.Inf(1)
	for range p.passes {
		s.rng.Shuffle(active, func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
		highest, lowest := math.Inf(-1), math.Inf(1)
		for k := 0; k < active; k++ {
			i := s.order[k]
			g := s.gradient(i)
			if s.alpha[i] == 0 {
				if g > limit { // far on its side: out of sight for now
					active--
					s.order[k], s.order[active] = s.order[active], s.order[k]
					k--
					continue
				}
				g = min(g, 0)
			}
			highest, lowest = max(highest, g), min(lowest, g)
			if math.Abs(g) > 1e-12 {
				s.move(i, g)
			}
		}
		if highest-lowest > p.tolerance {
			limit = highest
			if limit <= 0 {
				limit = math.Inf(1)
			}
			continue
		}
		if active == len(s.order) {
			break
		}
		active, limit = len(s.order), math.Inf(1)
	}
	return s.w, s.bias
}

type solver struct {
	problem
	rng   *rand.Rand
	w     []float64
	bias  float64
	alpha []float64
	diag  []float64 // 1/2C
	norm  []float64 // x·x + 1/2C
	order []int
}

func newSolver(p problem) *solver {
	n := len(p.in)
	s := &solver{
		problem: p,
		rng:     rand.New(rand.NewPCG(p.seed, 1)),
		w:       make([]float64, p.data.width),
		alpha:   make([]float64, n),
		diag:    make([]float64, n),
		norm:    make([]float64, n),
		order:   make([]int, 0, n),
	}
	for i := range n {
		if p.costs[i] == 0 {
			continue
		}
		s.order = append(s.order, i)
		s.diag[i] = 0.5 / p.costs[i]
		s.norm[i] = 1 + s.diag[i] // 1: the bias is a feature that is always on
		for _, v := range p.data.vals[p.data.start[i]:p.data.start[i+1]] {
			s.norm[i] += float64(float64(v) * float64(v))
		}
	}
	return s
}

// gradient is the derivative of the dual objective along line i.
func (s *solver) gradient(i int) float64 {
	from, to := s.data.start[i], s.data.start[i+1]
	vals := s.data.vals[from:to]
	m := s.bias
	for k, c := range s.data.cols[from:to] {
		m += float64(s.w[c] * float64(vals[k]))
	}
	if !s.in[i] {
		m = -m
	}
	return m - 1 + float64(s.alpha[i]*s.diag[i])
}

// move takes the best step along line i.
func (s *solver) move(i int, gradient float64) {
	old := s.alpha[i]
	s.alpha[i] = max(old-gradient/s.norm[i], 0)
	d := s.alpha[i] - old
	if !s.in[i] {
		d = -d
	}
	from, to := s.data.start[i], s.data.start[i+1]
	vals := s.data.vals[from:to]
	for k, c := range s.data.cols[from:to] {
		s.w[c] += float64(d * float64(vals[k]))
	}
	s.bias += d
}
