package slack

import (
	"context"
	"math/rand/v2"
	"time"
)

// pace spaces out the connections of one socket. slack-go reconnects at once
// after a connection that opened, even if it opened and broke a thousand times
// a second, and waits up to 5 minutes, without jitter, when it did not open.
//
// The first try after a connection that held is made at once; every further
// one waits twice as long as the one before, between half and all of it, up to
// longest.
type pace struct {
	first, longest time.Duration // of the waits
	steady         time.Duration // a connection that held so long counts as good
	failures       int
}

// next tells the pace how long the last connection held and returns how long to
// wait before the next one. asked is Slack's own Retry-After, or 0.
func (p *pace) next(held, asked time.Duration) time.Duration {
	if held >= p.steady {
		p.failures = 0
	}
	wait := p.longest
	if p.failures < 16 {
		wait = min(p.longest, p.first<<p.failures)
	}
	p.failures++
	return max(asked, wait/2+rand.N(wait/2+1))
}

// sleep waits for d, or returns the error of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
