package web

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// limiter counts requests by address and in all. It remembers a bounded number
// of addresses; the one not seen for longest is forgotten first, and with its
// budget full again by then, nothing is lost by that.
type limiter struct {
	l     Limits
	total *rate.Limiter
	slots chan struct{}

	mu sync.Mutex
	by *lru.Cache[netip.Addr, *rate.Limiter]
}

func newLimiter(l Limits) (*limiter, error) {
	by, err := lru.New[netip.Addr, *rate.Limiter](l.Addresses)
	if err != nil {
		return nil, fmt.Errorf("web: limits: %w", err)
	}
	return &limiter{
		l: l, by: by,
		total: rate.NewLimiter(rate.Limit(l.Total), l.TotalBurst),
		slots: make(chan struct{}, l.InHand),
	}, nil
}

// within reports whether addr may have one more request at now.
func (l *limiter) within(addr netip.Addr, now time.Time) bool {
	key := clientKey(addr)
	l.mu.Lock()
	lim, ok := l.by.Get(key)
	if !ok {
		lim = rate.NewLimiter(rate.Limit(l.l.PerAddress), l.l.PerAddressBurst)
		l.by.Add(key, lim)
	}
	l.mu.Unlock()
	return lim.AllowN(now, 1)
}

// enter takes a place among the requests in hand, if all together are within
// the limit. Whoever entered must call leave.
func (l *limiter) enter(now time.Time) bool {
	if !l.total.AllowN(now, 1) {
		return false
	}
	select {
	case l.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (l *limiter) leave() { <-l.slots }
