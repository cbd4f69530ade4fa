package evaluate

import (
	"encoding/json"
	"math"
)

// bins is how many equal intervals of probability the table has.
const bins = 10

// Calibration says how far the stated probabilities can be believed: of the
// questions of which the bot says "0.8", eight in ten should have their best
// topic right.
type Calibration struct {
	// Lines is the number of labelled questions with a best topic or none:
	// alarms, redirects and small talk state no probability.
	Lines int `json:"lines"`
	// Brier is the mean squared distance between the probability and the
	// outcome, 0 to 1, less is better (G. W. Brier, Monthly Weather Review
	// 78:1, 1950).
	Brier float64 `json:"brier"`
	// Error is the expected calibration error: the distance between the two
	// columns of the table, weighted by its rows.
	Error float64 `json:"error"`
	Table []Bin   `json:"table"`
}

// Bin is a row of the reliability table: the questions of which the bot stated a
// probability from From to To.
type Bin struct {
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Lines  int     `json:"lines"`
	Stated float64 `json:"stated"` // mean probability
	Right  float64 `json:"right"`  // share whose best topic was right
}

// statement is a probability and what came of it.
type statement struct {
	p     float64
	right bool
}

// calibrate returns nil if nothing was stated.
func calibrate(all []statement) *Calibration {
	if len(all) == 0 {
		return nil
	}
	c := &Calibration{Lines: len(all)}
	var table [bins]Bin
	for _, s := range all {
		y := 0.0
		if s.right {
			y = 1
		}
		c.Brier += (s.p - y) * (s.p - y)
		b := &table[max(0, min(bins-1, int(s.p*bins)))]
		b.Lines++
		b.Stated += s.p
		b.Right += y
	}
	n := float64(len(all))
	c.Brier /= n
	for i, b := range table {
		if b.Lines == 0 {
			continue
		}
		c.Error += math.Abs(b.Stated-b.Right) / n
		b.From, b.To = float64(i)/bins, float64(i+1)/bins
		b.Stated /= float64(b.Lines)
		b.Right /= float64(b.Lines)
		c.Table = append(c.Table, b)
	}
	return c
}

// MarshalJSON rounds the measures to four places.
func (c Calibration) MarshalJSON() ([]byte, error) {
	type plain Calibration
	c.Brier, c.Error = round(c.Brier), round(c.Error)
	return json.Marshal(plain(c))
}

// MarshalJSON rounds the measures to four places.
func (b Bin) MarshalJSON() ([]byte, error) {
	type plain Bin
	b.Stated, b.Right = round(b.Stated), round(b.Right)
	return json.Marshal(plain(b))
}

func round(v float64) float64 { return math.RoundToEven(v*1e4) / 1e4 }
