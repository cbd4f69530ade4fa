package engine

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"kapbot/bot"
)

// limits slows down people and channels that write too much. It lives in memory:
// each replica counts what it sees.
type limits struct {
	mu              sync.Mutex
	people          *lru.LRU[[3]string, *limit]
	channels        *lru.LRU[[3]string, *limit]
	person, channel Rate
}

// limit is one person's or one channel's allowance.
type limit struct {
	bucket *rate.Limiter
	told   bool // to slow down, and silent since
}

// maxLimited is how many people, and how many channels, are counted at a time; the ones
// longest silent are forgotten first. About 200 bytes each.
const maxLimited = 20_000

type verdict int

const (
	pass verdict = iota
	warn         // say "slow down", once
	drop         // say nothing
)

func newLimits(person, channel Rate) *limits {
	return &limits{people: newLimitLRU(), channels: newLimitLRU(), person: person, channel: channel}
}

func newLimitLRU() *lru.LRU[[3]string, *limit] {
	l, err := lru.NewLRU[[3]string, *limit](maxLimited, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return l
}

// judge counts a message whose reply is of kind k.
func (l *limits) judge(t *task, k bot.Kind) verdict {
	if k.Urgent() {
		return pass
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	v := pass
	if t.Person != "" {
		v = take(l.people, [3]string{t.Adapter, t.Workspace, t.Person}, l.person, now)
	}
	if t.Channel != "" && v == pass {
		v = take(l.channels, [3]string{t.Adapter, t.Workspace, t.Channel}, l.channel, now)
	}
	return v
}

func take(of *lru.LRU[[3]string, *limit], who [3]string, r Rate, now time.Time) verdict {
	l, ok := of.Get(who)
	if !ok {
		l = &limit{bucket: rate.NewLimiter(rate.Limit(float64(r.PerMinute)/60), r.Burst)}
		of.Add(who, l)
	}
	switch {
	case l.bucket.AllowN(now, 1):
		l.told = false
		return pass
	case l.told:
		return drop
	default:
		l.told = true
		return warn
	}
}
