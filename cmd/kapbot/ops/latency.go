package ops

import "math"

// Latency is how long an adapter's replies took since the start.
type Latency struct {
	Adapter string
	Buckets []Bucket
}

// Bucket counts replies that took more than the bucket before it and at most UpTo
// seconds; the last one has no limit, and -1 here.
type Bucket struct {
	UpTo float64
	N    int64
}

// Latencies reads the histogram of handling times.
func (m *Metrics) Latencies() []Latency {
	families, err := m.registry.Gather()
	if err != nil {
		return nil // what could be gathered is not worth half a picture
	}
	var all []Latency
	for _, f := range families {
		if f.GetName() != "kapbot_handling_seconds" {
			continue
		}
		for _, one := range f.GetMetric() {
			l := Latency{}
			for _, label := range one.GetLabel() {
				if label.GetName() == "adapter" {
					l.Adapter = label.GetValue()
				}
			}
			var below uint64
			h := one.GetHistogram()
			for _, b := range h.GetBucket() {
				if math.IsInf(b.GetUpperBound(), 1) {
					continue
				}
				l.Buckets = append(l.Buckets, Bucket{b.GetUpperBound(), int64(b.GetCumulativeCount() - below)})
				below = b.GetCumulativeCount()
			}
			l.Buckets = append(l.Buckets, Bucket{-1, int64(h.GetSampleCount() - below)})
			all = append(all, l)
		}
	}
	return all
}
