package sqlstore

import (
	"bytes"
	"context"
	"slices"

	"kapbot/bot/engine"
)

// CatchUp implements engine.Claims. It takes first all events and then all conversations, each
// in the order of their keys, as everyone takes an event before its conversation: so
// nobody waits in a circle. Within a conversation the last one has the last word.
func (s *Store) CatchUp(ctx context.Context, all []engine.Finished) error {
	byEvent := slices.SortedFunc(slices.Values(all), func(a, b engine.Finished) int {
		return bytes.Compare(a.Event[:], b.Event[:])
	})
	byConversation := slices.SortedStableFunc(slices.Values(all), func(a, b engine.Finished) int {
		return bytes.Compare(a.Conversation[:], b.Conversation[:])
	})
	return s.tx(ctx, "catch up", func(tx tx) error {
		fresh := map[engine.Key]bool{}
		for _, f := range byEvent {
			n, err := finishUnclaimed(tx, f)
			if err != nil {
				return err
			}
			fresh[f.Event] = fresh[f.Event] || n == 1
		}
		for _, f := range byConversation {
			if !fresh[f.Event] {
				continue
			}
			if err := keepUnclaimed(tx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// finishUnclaimed marks an event done and counts it, and says whether it was not done before.
func finishUnclaimed(tx tx, f engine.Finished) (rows int64, err error) {
	if _, err := forget(tx, `event = $1 AND done = 1 AND forget <= {now}`, f.Event.String()); err != nil {
		return 0, err
	}
	return tx.exec(`
		INSERT INTO kapbot_claims (event, owner, fence, until, done, forget, hour, adapter, kind, topic, wording)
		VALUES ($1, '', 1, 0, 1, {now} + $2, $3, $4, $5, $6, $7)
		ON CONFLICT (event) DO UPDATE SET
			fence = kapbot_claims.fence + 1, until = 0, done = 1, forget = excluded.forget, hour = excluded.hour,
			adapter = excluded.adapter, kind = excluded.kind, topic = excluded.topic, wording = excluded.wording
		WHERE kapbot_claims.done = 0`,
		append([]any{f.Event.String(), millis(engine.Remember)}, columns(f.Record.Tally)...)...)
}

func keepUnclaimed(tx tx, f engine.Finished) error {
	_, err := tx.exec(`
		INSERT INTO kapbot_conversations (conversation, busy, until, state, forget)
		VALUES ($1, $2, 0, $3, {now} + $4)
		ON CONFLICT (conversation) DO UPDATE SET until = 0, state = excluded.state, forget = excluded.forget
		WHERE kapbot_conversations.busy = excluded.busy OR kapbot_conversations.until <= {now}`,
		f.Conversation.String(), f.Event.String(), f.Record.State, millis(f.Record.Keep))
	return err
}
