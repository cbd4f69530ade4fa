package slack

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// status shows "is looking it up" under a direct message whose answer takes
// longer than a moment. Slack takes it away when the reply arrives.
type status struct {
	over  atomic.Bool
	timer *time.Timer
	call  sync.Mutex // held while Slack is told
}

func (a *Adapter) newStatus(w *workspace, q question) *status {
	s := &status{}
	if !q.direct || q.thread == "" || q.edit {
		return s
	}
	s.timer = time.AfterFunc(a.o.StatusAfter, func() {
		s.call.Lock()
		defer s.call.Unlock()
		if s.over.Load() {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = w.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{
			ChannelID: q.channel, ThreadTS: q.thread, Status: a.words().Labels.Thinking,
		}) // a courtesy: nothing depends on it
	})
	return s
}

// stop keeps the status from being shown, if it is not yet.
func (s *status) stop() {
	s.over.Store(true)
	if s.timer != nil {
		s.timer.Stop()
	}
}

// done is stop, and waits for a call under way: sent after the reply, it would
// show a status that nothing takes away.
func (s *status) done() {
	s.stop()
	s.call.Lock()
	defer s.call.Unlock()
}
