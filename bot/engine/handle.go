package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"kapbot/bot"
)

// conversationTTL is how long a conversation is found again. Someone who was
// in danger is remembered for as long as bot.Conversation says.
const conversationTTL = 30 * time.Minute

// handle takes one event from its claim to its end.
func (e *Engine) handle(t *task) Handled {
	ctx, cancel := context.WithTimeout(e.ctx, e.o.Deadline)
	defer cancel()
	if t.Unaddressed {
		// Most of a busy channel is not for the bot: let it go by without a trace.
		if r, _ := e.respond(ctx, t, bot.Conversation{}); !r.Certain() {
			return Handled{Outcome: Silent}
		}
	}
	for {
		h, err := e.attempt(ctx, t)
		if errors.Is(err, ErrFenced) && ctx.Err() == nil {
			continue // someone took over: wait for them to finish, or take it back
		}
		if err != nil {
			e.o.Log.Warn("event not answered", "adapter", t.Adapter, "event", t.event.String(), "err", err)
		}
		return h
	}
}

// attempt handles t as one owner.
func (e *Engine) attempt(ctx context.Context, t *task) (Handled, error) {
	c, err := e.claim(ctx, t)
	if errors.Is(err, ErrDone) {
		return Handled{Outcome: Duplicate}, nil
	}
	if err != nil {
		return Handled{Outcome: Failed}, fmt.Errorf("claim: %w", err)
	}
	defer c.end()
	r, conversation := e.respond(c, t, unmarshalConversation(c.State))
	h := Handled{TakenOver: c.Fence > 1}

	switch e.limits.judge(t, r.Kind()) {
	case drop:
		h.Outcome = Limited
		c.finish(Record{State: c.State, Keep: conversationTTL})
		return h, nil
	case warn:
		r, conversation = e.answerer.SlowDown(), unmarshalConversation(c.State)
	}
	h.Kind, h.Topic = r.Kind(), r.Topic()
	if err := e.deliver(c, t, r); err != nil {
		if c.lost() {
			return h, ErrFenced
		}
		c.release()
		h.Outcome = Failed
		return h, fmt.Errorf("deliver: %w", err)
	}
	h.Outcome = Answered
	h.Late = c.finish(e.record(t, r, conversation))
	return h, nil
}

// deliver posts r unless an earlier owner has.
func (e *Engine) deliver(c *claim, t *task, r bot.Reply) error {
	if c.Fence > 1 && t.Delivered != nil {
		var posted bool
		err := e.caught(t.Adapter, func() (err error) { posted, err = t.Delivered(c); return err })
		if err != nil {
			return fmt.Errorf("look for an earlier post: %w", err)
		}
		if posted {
			return nil
		}
	}
	if err := c.check(); err != nil {
		return err
	}
	return e.caught(t.Adapter, func() error { return t.Deliver(c, r) })
}

// respond asks the bot. A panic becomes an honest apology.
func (e *Engine) respond(ctx context.Context, t *task, before bot.Conversation) (r bot.Reply, after bot.Conversation) {
	err := e.caught(t.Adapter, func() error {
		if t.Respond != nil {
			r, after = t.Respond(ctx, before)
		} else {
			r, after = e.answerer.Reply(ctx, t.Message, before)
		}
		return nil
	})
	if err != nil {
		return e.answerer.Failure(), before
	}
	return r, after
}

// record is what is kept of the reply.
func (e *Engine) record(t *task, r bot.Reply, c bot.Conversation) Record {
	now := time.Now()
	keep := max(conversationTTL, c.CrisisUntil.Sub(now))
	tally := &Tally{At: now, Adapter: t.Adapter, Kind: r.Kind(), Topic: r.Topic()}
	if e.o.KeepUnanswered && r.Kind() == bot.NotCovered && !r.Resources() {
		tally.Wording = Redact(t.Message.Text)
	}
	return Record{State: marshalConversation(c), Keep: keep, Tally: tally}
}

// caught calls f. A panic is counted and becomes an error that says where, and not
// what: the value might quote a message.
func (e *Engine) caught(adapter string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.o.Observer.Panicked(adapter)
			err = fmt.Errorf("panic of type %T", p)
			e.o.Log.Error("panic", "adapter", adapter, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	return f()
}

func (e *Engine) log(t *task, h Handled) {
	level := slog.LevelInfo
	if h.Outcome == Silent || h.Outcome == Duplicate {
		level = slog.LevelDebug
	}
	e.o.Log.LogAttrs(context.Background(), level, "event",
		slog.String("adapter", t.Adapter), slog.String("event", t.event.String()),
		slog.String("outcome", h.Outcome.String()), slog.String("kind", string(h.Kind)),
		slog.String("topic", h.Topic), slog.Float64("ms", float64(h.Took.Microseconds())/1000))
}

func marshalConversation(c bot.Conversation) []byte {
	b, err := json.Marshal(c)
	if err != nil { // ids and times always encode, but for a year beyond 9999
		return nil
	}
	return b
}

// unmarshalConversation reads what marshalConversation wrote. What another version
// wrote and this one cannot read is a conversation that has not begun.
func unmarshalConversation(b []byte) bot.Conversation {
	var c bot.Conversation
	if len(b) == 0 || json.Unmarshal(b, &c) != nil {
		return bot.Conversation{}
	}
	return c
}
