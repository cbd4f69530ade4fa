package engine

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Engine handles events. Make one with New, and stop it with Drain.
type Engine struct {
	answerer Answerer
	guard    *guard
	limits   *limits
	o        Options

	stop   context.CancelFunc // ends ctx: what is in hand is given up
	ctx    context.Context
	work   sync.WaitGroup // the goroutines of conversations
	chores sync.WaitGroup // the goroutine of upkeep

	mu     sync.Mutex
	closed bool
	queues map[string]*queue // by adapter
}

// New starts an engine: b answers, s keeps. One engine serves all adapters of a
// process.
func New(b Answerer, s Store, o Options) *Engine {
	o = o.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	e := &Engine{
		answerer: b,
		guard:    newGuard(s, o),
		limits:   newLimits(o.PersonRate, o.ChannelRate),
		o:        o,
		ctx:      ctx,
		stop:     stop,
		queues:   map[string]*queue{},
	}
	e.chores.Go(func() { e.every(probeEvery, func() { e.guard.probe(ctx) }) })
	e.chores.Go(func() { e.every(pruneEvery, e.prune) })
	return e
}

// Submit takes an event. It never waits for anything: it returns nil if the
// event is in hand, and otherwise ErrFull, ErrClosed or ErrInvalid at once.
func (e *Engine) Submit(ctx context.Context, v Event) error {
	err := e.submit(ctx, v)
	if err != nil {
		e.o.Observer.Refused(v.Adapter, err)
	}
	return err
}

func (e *Engine) submit(ctx context.Context, v Event) error {
	if !v.valid() {
		return ErrInvalid
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &task{
		Event:    v,
		event:    KeyOf(e.o.Secret, "event", v.Adapter, v.ID),
		talk:     KeyOf(e.o.Secret, "conversation", v.Adapter, v.Workspace, v.Conversation),
		accepted: time.Now(),
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	q := e.queues[v.Adapter]
	if q == nil {
		q = newQueue(e.o.Capacity)
		e.queues[v.Adapter] = q
	}
	start, err := q.add(t)
	if err != nil {
		return err
	}
	e.o.Observer.Queued(v.Adapter, q.inHand)
	if start {
		e.work.Go(func() { e.converse(q, t.talk) })
	}
	return nil
}

// converse handles the events of one conversation until none is left.
func (e *Engine) converse(q *queue, talk Key) {
	for {
		e.mu.Lock()
		t := q.next(talk)
		e.mu.Unlock()
		if t == nil {
			return
		}
		begun := time.Now()
		h := e.handle(t)
		h.Adapter, h.Waited, h.Took = t.Adapter, begun.Sub(t.accepted), time.Since(begun)
		e.settle(q, t, h)
	}
}

// settle takes t and its copies off the queue and tells how they ended.
func (e *Engine) settle(q *queue, t *task, h Handled) {
	e.mu.Lock()
	copies := q.remove(t)
	e.o.Observer.Queued(t.Adapter, q.inHand)
	e.mu.Unlock()
	e.report(t, h)
	for _, c := range copies {
		dup := Handled{Adapter: c.Adapter, Outcome: Duplicate, Waited: time.Since(c.accepted)}
		if h.Outcome == Failed {
			dup.Outcome = Failed
		}
		e.report(c, dup)
	}
}

func (e *Engine) report(t *task, h Handled) {
	e.o.Observer.Handled(h)
	e.log(t, h)
	if t.Settled == nil {
		return
	}
	if err := e.caught(t.Adapter, func() error { t.Settled(h.Outcome); return nil }); err != nil {
		e.o.Log.Error("settling failed", "adapter", t.Adapter, "event", t.event.String(), "err", err)
	}
}

// Health says why the engine does not do all that it should, or nil. It goes on
// answering all the same.
func (e *Engine) Health() error { return e.guard.health() }

// Drain stops taking events, finishes those in hand and stops the engine. When ctx
// ends first, the rest is given up: it ends as Failed, for the platform to try
// again, and Drain says how many there were.
func (e *Engine) Drain(ctx context.Context) error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()

	finished := make(chan struct{})
	go func() { e.work.Wait(); close(finished) }()
	var left int
	select {
	case <-finished:
	case <-ctx.Done():
		left = e.inHand()
		e.stop()
		select {
		case <-finished:
		case <-time.After(giveUp): // a Deliver that does not heed its ctx
		}
	}
	e.flush(ctx)
	e.stop()
	e.chores.Wait()
	if left > 0 {
		return fmt.Errorf("drain: %d events given up: %w", left, ctx.Err())
	}
	return nil
}

// giveUp is how long Drain waits for what it has cancelled.
const giveUp = time.Second

func (e *Engine) inHand() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, q := range e.queues {
		n += q.inHand
	}
	return n
}
