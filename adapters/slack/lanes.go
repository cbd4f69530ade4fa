package slack

import "sync"

// lanes run functions one after another within a key and side by side between
// keys. Each workspace may have only so many waiting, so that none delays or
// crowds out another. A lane has a goroutine only while it has work.
type lanes struct {
	limit int // waiting, in one workspace
	work  sync.WaitGroup

	mu      sync.Mutex
	waiting map[string]int // by workspace
	queues  map[lane][]func()
}

type lane struct{ workspace, conversation string }

func newLanes(limit int) *lanes {
	return &lanes{limit: limit, waiting: map[string]int{}, queues: map[lane][]func(){}}
}

// put queues f, or reports false if the workspace has too much waiting.
func (l *lanes) put(k lane, f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[k.workspace] >= l.limit {
		return false
	}
	l.waiting[k.workspace]++
	q, running := l.queues[k]
	l.queues[k] = append(q, f)
	if !running {
		l.work.Go(func() { l.run(k) })
	}
	return true
}

func (l *lanes) run(k lane) {
	for {
		l.mu.Lock()
		q := l.queues[k]
		if len(q) == 0 {
			delete(l.queues, k)
			l.mu.Unlock()
			return
		}
		f := q[0]
		l.queues[k] = q[1:]
		l.mu.Unlock()
		f()
		l.mu.Lock()
		if l.waiting[k.workspace]--; l.waiting[k.workspace] == 0 {
			delete(l.waiting, k.workspace)
		}
		l.mu.Unlock()
	}
}
