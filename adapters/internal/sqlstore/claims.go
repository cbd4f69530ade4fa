package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kapbot/bot/engine"
)

// Claim implements engine.Claims. First the event is won, then its conversation; losing
// the second rolls the first back.
func (s *Store) Claim(ctx context.Context, event, conversation engine.Key, owner string, ttl time.Duration) (engine.Ticket, error) {
	t := engine.Ticket{Event: event, Conversation: conversation}
	err := s.tx(ctx, "claim", func(tx tx) (err error) {
		if t.Fence, err = claimEvent(tx, event, owner, ttl); err != nil {
			return err
		}
		t.State, err = claimConversation(tx, conversation, event, ttl)
		return err
	})
	if err != nil {
		return engine.Ticket{}, err
	}
	return t, nil
}

func claimEvent(tx tx, event engine.Key, owner string, ttl time.Duration) (fence int64, err error) {
	for {
		won, err := tx.row(`
			INSERT INTO kapbot_claims (event, owner, fence, until, done, forget)
			VALUES ($1, $2, 1, {now} + $3, 0, {now} + $4)
			ON CONFLICT (event) DO UPDATE SET
				owner = excluded.owner, fence = kapbot_claims.fence + 1, until = excluded.until, forget = excluded.forget
			WHERE kapbot_claims.done = 0 AND kapbot_claims.until <= {now}
			RETURNING fence`,
			[]any{event.String(), owner, millis(ttl), millis(max(ttl, engine.Remember))}, &fence)
		if err != nil || won {
			return fence, err
		}
		// Lost, unless what stands in the way has run out.
		if n, err := forget(tx, `event = $1 AND done = 1 AND forget <= {now}`, event.String()); err != nil {
			return 0, err
		} else if n == 0 {
			return 0, lostEvent(tx, event)
		}
	}
}

// lostEvent says why the event could not be claimed.
func lostEvent(tx tx, event engine.Key) error {
	var done int
	var left int64
	_, err := tx.row(`SELECT done, until - {now} FROM kapbot_claims WHERE event = $1`, []any{event.String()}, &done, &left)
	switch {
	case err != nil:
		return err
	case done == 1:
		return engine.ErrDone
	default:
		return &engine.HeldError{For: duration(left)}
	}
}

func claimConversation(tx tx, conversation, event engine.Key, ttl time.Duration) (state []byte, err error) {
	won, err := tx.row(`
		INSERT INTO kapbot_conversations (conversation, busy, until, state, forget)
		VALUES ($1, $2, {now} + $3, NULL, 0)
		ON CONFLICT (conversation) DO UPDATE SET busy = excluded.busy, until = excluded.until
		WHERE kapbot_conversations.busy = excluded.busy OR kapbot_conversations.until <= {now}
		RETURNING CASE WHEN forget > {now} THEN state END`,
		[]any{conversation.String(), event.String(), millis(ttl)}, &state)
	if err != nil || won {
		return state, err
	}
	return nil, lostConversation(tx, conversation)
}

func lostConversation(tx tx, conversation engine.Key) error {
	var left int64
	_, err := tx.row(`SELECT until - {now} FROM kapbot_conversations WHERE conversation = $1`, []any{conversation.String()}, &left)
	if err != nil {
		return err
	}
	return &engine.HeldError{For: duration(left)}
}

// Holds implements engine.Claims.
func (s *Store) Holds(ctx context.Context, t engine.Ticket) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	var one int
	err := s.read.QueryRowContext(ctx, `
		SELECT 1 FROM kapbot_claims JOIN kapbot_conversations ON conversation = $3 AND busy = event
		WHERE event = $1 AND fence = $2 AND done = 0`,
		t.Event.String(), t.Fence, t.Conversation.String()).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return engine.ErrFenced
	}
	if err != nil {
		return fmt.Errorf("look at a claim: %w", err)
	}
	return nil
}

// Renew implements engine.Claims.
func (s *Store) Renew(ctx context.Context, t engine.Ticket, ttl time.Duration) error {
	return s.tx(ctx, "renew", func(tx tx) error {
		n, err := tx.exec(`
			UPDATE kapbot_claims SET until = {now} + $3, forget = {now} + $4
			WHERE event = $1 AND fence = $2 AND done = 0`,
			t.Event.String(), t.Fence, millis(ttl), millis(max(ttl, engine.Remember)))
		if err != nil {
			return err
		}
		if n == 0 {
			return engine.ErrFenced
		}
		n, err = tx.exec(`UPDATE kapbot_conversations SET until = {now} + $3 WHERE conversation = $1 AND busy = $2`,
			t.Conversation.String(), t.Event.String(), millis(ttl))
		if err != nil {
			return err
		}
		if n == 0 {
			return engine.ErrFenced
		}
		return nil
	})
}

// Release implements engine.Claims.
func (s *Store) Release(ctx context.Context, t engine.Ticket) error {
	return s.tx(ctx, "release", func(tx tx) error {
		n, err := tx.exec(`UPDATE kapbot_claims SET until = 0 WHERE event = $1 AND fence = $2 AND done = 0`, t.Event.String(), t.Fence)
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.exec(`UPDATE kapbot_conversations SET until = 0 WHERE conversation = $1 AND busy = $2`,
			t.Conversation.String(), t.Event.String())
		return err
	})
}

// Finish implements engine.Claims.
func (s *Store) Finish(ctx context.Context, t engine.Ticket, r engine.Record) error {
	return s.tx(ctx, "finish", func(tx tx) error {
		n, err := tx.exec(`
			UPDATE kapbot_claims SET done = 1, until = 0, forget = {now} + $3,
				hour = $4, adapter = $5, kind = $6, topic = $7, wording = $8
			WHERE event = $1 AND fence = $2 AND done = 0`,
			append([]any{t.Event.String(), t.Fence, millis(engine.Remember)}, columns(r.Tally)...)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return finishedBefore(tx, t)
		}
		_, err = tx.exec(`
			UPDATE kapbot_conversations SET state = $3, forget = {now} + $4, until = 0
			WHERE conversation = $1 AND busy = $2`,
			t.Conversation.String(), t.Event.String(), r.State, millis(r.Keep))
		return err
	})
}

// columns are a tally's hour, adapter, kind, topic and wording.
func columns(t *engine.Tally) []any {
	if t == nil {
		return []any{nil, nil, nil, nil, nil}
	}
	return []any{hourOf(t.At), t.Adapter, string(t.Kind), t.Topic, t.Wording}
}

// finishedBefore tells a repeated Finish from one that comes too late.
func finishedBefore(tx tx, t engine.Ticket) error {
	var done int
	found, err := tx.row(`SELECT done FROM kapbot_claims WHERE event = $1 AND fence = $2`, []any{t.Event.String(), t.Fence}, &done)
	if err != nil {
		return err
	}
	if !found || done == 0 {
		return engine.ErrFenced
	}
	return nil
}

func millis(d time.Duration) int64    { return d.Milliseconds() }
func duration(ms int64) time.Duration { return time.Duration(max(ms, 0)) * time.Millisecond }
