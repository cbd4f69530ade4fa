package engine

import "time"

// task is an event in hand.
type task struct {
	Event
	event, talk Key
	accepted    time.Time
	copies      []*task // arrived while this one was in hand
}

// queue is what one adapter has in hand. The Engine's mutex guards it.
type queue struct {
	capacity   int
	inHand     int             // events and their copies, waiting or worked on
	workspaces map[string]int  // the same, by workspace
	events     map[Key]*task   // by event
	talks      map[Key][]*task // waiting, by conversation; an entry exists while a goroutine serves it
}

func newQueue(capacity int) *queue {
	return &queue{
		capacity:   capacity,
		workspaces: map[string]int{},
		events:     map[Key]*task{},
		talks:      map[Key][]*task{},
	}
}

// add takes t in, and says whether its conversation needs a goroutine.
func (q *queue) add(t *task) (start bool, err error) {
	if q.inHand >= q.capacity {
		return false, ErrFull
	}
	if t.Workspace != "" && q.workspaces[t.Workspace] >= (q.capacity+1)/2 {
		return false, ErrFull
	}
	q.inHand++
	q.workspaces[t.Workspace]++
	if first := q.events[t.event]; first != nil {
		first.copies = append(first.copies, t)
		return false, nil
	}
	q.events[t.event] = t
	waiting, served := q.talks[t.talk]
	q.talks[t.talk] = append(waiting, t)
	return !served, nil
}

// next takes the conversation's next task; with none left it returns nil, and the
// goroutine must end.
func (q *queue) next(talk Key) *task {
	waiting := q.talks[talk]
	if len(waiting) == 0 {
		delete(q.talks, talk)
		return nil
	}
	t := waiting[0]
	waiting[0] = nil
	q.talks[talk] = waiting[1:]
	return t
}

// remove takes t out and returns its copies, which go with it.
func (q *queue) remove(t *task) []*task {
	delete(q.events, t.event)
	q.leave(t)
	for _, c := range t.copies {
		q.leave(c)
	}
	return t.copies
}

func (q *queue) leave(t *task) {
	q.inHand--
	if q.workspaces[t.Workspace]--; q.workspaces[t.Workspace] == 0 {
		delete(q.workspaces, t.Workspace)
	}
}
