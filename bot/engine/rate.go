package engine

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// ErrRating says that a rating is not about a topic, or gives a reason that is not in
// Reasons. Ratings come from forms that anyone can fill in with anything, and no free text
// is kept.
var ErrRating = errors.New("engine: not a rating of a topic")

// topicID matches the ids of topics, and of topics of added documents ("clinic/cost").
var topicID = regexp.MustCompile(`^[a-z0-9-]{1,100}(/[a-z0-9-]{1,100})?$`)

// Rate keeps what a person thinks of an answer. Answer is the platform's id of the
// message that was rated; it and the person are hashed.
func (e *Engine) Rate(ctx context.Context, adapter, person, answer string, r Rating) error {
	if !topicID.MatchString(r.Topic) || r.Reason != NoReason && !slices.Contains(Reasons(), r.Reason) {
		return ErrRating
	}
	if r.At.IsZero() {
		r.At = time.Now()
	}
	key := KeyOf(e.o.Secret, "rating", adapter, person, answer)
	err := e.guard.try(ctx, "rate", func(ctx context.Context) error { return e.guard.store.Rate(ctx, key, r) })
	if err != nil {
		return fmt.Errorf("keep rating: %w", err)
	}
	return nil
}
