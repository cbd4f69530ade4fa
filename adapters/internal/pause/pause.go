// Package pause waits, and stops waiting when it is called off.
package pause

import (
	"context"
	"time"
)

// For waits for d. It returns early, with ctx's error, when ctx is done.
func For(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
