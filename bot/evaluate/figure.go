package evaluate

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Figure is one measure: a share of Of lines, 0 to 1, or their number.
type Figure struct {
	Name  string
	Value float64 // NaN where Of is 0: there was nothing to measure
	Of    int
	Count bool // Value is a number of lines
}

// Figures are measures in the order to show them in.
type Figures []Figure

// Get returns the figure with that name, and whether it was measured.
func (fs Figures) Get(name string) (float64, bool) {
	for _, f := range fs {
		if f.Name == name {
			return f.Value, !math.IsNaN(f.Value)
		}
	}
	return 0, false
}

func (fs *Figures) count(name string, n int) {
	*fs = append(*fs, Figure{Name: name, Value: float64(n), Of: n, Count: true})
}

func (fs *Figures) share(name string, n float64, of int) {
	v := math.NaN()
	if of > 0 {
		v = n / float64(of)
	}
	*fs = append(*fs, Figure{Name: name, Value: v, Of: of})
}

// MarshalJSON writes one object, the figures in their order, shares rounded to
// four places and null where there was nothing to measure.
func (fs Figures) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range fs {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(f.number())
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (f Figure) number() string {
	switch {
	case math.IsNaN(f.Value):
		return "null"
	case f.Count:
		return strconv.Itoa(int(f.Value))
	default:
		return strconv.FormatFloat(round(f.Value), 'f', -1, 64)
	}
}
