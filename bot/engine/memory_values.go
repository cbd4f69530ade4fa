package engine

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Rate implements Ratings.
func (s *Memory) Rate(ctx context.Context, key Key, r Rating) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	r.At = r.At.UTC().Truncate(time.Hour)
	s.ratings[key] = r
	return nil
}

// Lease implements Leases.
func (s *Memory) Lease(ctx context.Context, name, owner string, ttl time.Duration) (Lease, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Lease{}, err
	}
	defer unlock()
	now := time.Now()
	l := s.leases[name]
	live := l.until.After(now)
	if live && l.owner != owner {
		return Lease{}, &HeldError{For: l.until.Sub(now)}
	}
	if !live {
		l.fence++
	}
	l.owner, l.until = owner, now.Add(ttl)
	s.leases[name] = l
	return Lease{Name: name, Owner: owner, Fence: l.fence}, nil
}

// Unlease implements Leases.
func (s *Memory) Unlease(ctx context.Context, l Lease) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if held := s.leases[l.Name]; held.owner == l.Owner && held.fence == l.Fence {
		held.until = time.Time{}
		s.leases[l.Name] = held
	}
	return nil
}

// Setting implements Settings.
func (s *Memory) Setting(ctx context.Context, scope, name string) ([]byte, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	v, ok := s.settings[[2]string{scope, name}]
	if !ok {
		return nil, ErrNoSetting
	}
	return slices.Clone(v), nil
}

// SetSetting implements Settings.
func (s *Memory) SetSetting(ctx context.Context, scope, name string, value []byte) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if value == nil {
		delete(s.settings, [2]string{scope, name})
	} else {
		s.settings[[2]string{scope, name}] = slices.Clone(value)
	}
	return nil
}

// ListSettings implements Settings.
func (s *Memory) ListSettings(ctx context.Context, scope string) ([]string, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var names []string
	for k := range s.settings {
		if k[0] == scope {
			names = append(names, k[1])
		}
	}
	slices.Sort(names)
	return names, nil
}

// Report implements Store.
func (s *Memory) Report(ctx context.Context, since, until time.Time) (Report, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Report{}, err
	}
	defer unlock()
	from, to := since.UTC().Truncate(time.Hour), until.UTC().Truncate(time.Hour)
	within := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	var r Report
	for c, n := range s.counts {
		if within(c.Hour) {
			c.N = n
			r.Counts = append(r.Counts, c)
		}
	}
	rated := map[RatingCount]int64{}
	for _, v := range s.ratings {
		if within(v.At) {
			rated[RatingCount{Hour: v.At, Topic: v.Topic, Helpful: v.Helpful, Reason: v.Reason}]++
		}
	}
	for c, n := range rated {
		c.N = n
		r.Ratings = append(r.Ratings, c)
	}
	for w := range maps.Values(s.wordings) {
		if within(w.Last) {
			r.Unanswered = append(r.Unanswered, w)
		}
	}
	r.Sort()
	return r, nil
}
