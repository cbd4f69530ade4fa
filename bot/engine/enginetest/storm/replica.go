package storm

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest"
)

// The environment of a process that is a replica.
const (
	envSocket   = "KAPBOT_STORM_SOCKET"
	envDatabase = "KAPBOT_STORM_DATABASE"
	envLease    = "KAPBOT_STORM_LEASE"

	envStoreTimeout = "KAPBOT_STORM_STORE_TIMEOUT"
)

// line is what the platform and a replica say to each other, one JSON object a line.
type line struct {
	Op      op   `json:"op"`
	ID      int  `json:"id"`                // of the event
	Outcome int  `json:"outcome,omitempty"` // settled
	Found   bool `json:"found,omitempty"`   // looked
	Late    bool `json:"late,omitempty"`    // settled
}

type op string

const (
	opEvent   op = "event"   // platform → replica: an event, or a copy of one
	opRefused op = "refused" // replica → platform: the queue is full
	opSettled op = "settled" // replica → platform: how it ended
	opPost    op = "post"    // replica → platform: show this reply
	opPosted  op = "posted"  // platform → replica: it is shown
	opLook    op = "look"    // replica → platform: is it shown already?
	opLooked  op = "looked"  // platform → replica
)

// replica is one process of the storm.
type replica struct {
	engine.Unobserved
	conn   net.Conn
	engine *engine.Engine

	mu      sync.Mutex
	waiting map[line]chan line // by what is waited for
}

// Main makes this process a replica if a storm has started it, and then never returns. It is
// the first thing that TestMain does.
func Main(open func(database string) (engine.Store, error)) {
	socket := os.Getenv(envSocket)
	if socket == "" {
		return
	}
	if err := run(socket, open); err != nil {
		fmt.Fprintln(os.Stderr, "replica:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run takes events from the platform until its connection ends.
func run(socket string, open func(database string) (engine.Store, error)) error {
	lease, err := time.ParseDuration(os.Getenv(envLease))
	if err != nil {
		return err
	}
	storeTimeout, err := time.ParseDuration(os.Getenv(envStoreTimeout))
	if err != nil {
		return err
	}
	conn, err := new(net.Dialer).DialContext(context.Background(), "unix", socket)
	if err != nil {
		return err
	}
	store, err := open(os.Getenv(envDatabase))
	if err != nil {
		return err
	}
	r := &replica{conn: conn, waiting: map[line]chan line{}}
	r.engine = engine.New(enginetest.Mute{}, store, engine.Options{
		Lease: lease, StoreTimeout: storeTimeout, Observer: r,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return err
		}
		r.take(l)
	}
	return nil
}

func (r *replica) take(l line) {
	if l.Op != opEvent {
		r.mu.Lock()
		defer r.mu.Unlock()
		key := line{Op: l.Op, ID: l.ID}
		if ch := r.waiting[key]; ch != nil {
			delete(r.waiting, key)
			ch <- l
		}
		return
	}
	err := r.engine.Submit(context.Background(), engine.Event{
		Adapter: "storm", ID: fmt.Sprint(l.ID), Conversation: fmt.Sprint(l.ID % conversations),
		Deliver: func(ctx context.Context, _ bot.Reply) error {
			_, err := r.ask(ctx, opPost, opPosted, l.ID)
			return err
		},
		Delivered: func(ctx context.Context) (bool, error) {
			answer, err := r.ask(ctx, opLook, opLooked, l.ID)
			return answer.Found, err
		},
		Settled: func(o engine.Outcome) { r.send(line{Op: opSettled, ID: l.ID, Outcome: int(o)}) },
	})
	if err != nil {
		r.send(line{Op: opRefused, ID: l.ID})
	}
}

// ask says op and waits for the answer.
func (r *replica) ask(ctx context.Context, op, answer op, id int) (line, error) {
	ch := make(chan line, 1)
	r.mu.Lock()
	r.waiting[line{Op: answer, ID: id}] = ch
	r.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return line{}, err
	}
	r.send(line{Op: op, ID: id})
	select {
	case l := <-ch:
		return l, nil
	case <-ctx.Done():
		return line{}, ctx.Err()
	}
}

// send writes in one call, so that a replica is never stopped between two halves.
func (r *replica) send(l line) {
	b, err := json.Marshal(l)
	if err == nil {
		_, err = r.conn.Write(append(b, '\n'))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "replica:", err)
		os.Exit(1)
	}
}

// Handled reports replies that may have been posted twice.
func (r *replica) Handled(h engine.Handled) {
	if h.Late {
		r.send(line{Op: opSettled, ID: -1, Late: true})
	}
}
