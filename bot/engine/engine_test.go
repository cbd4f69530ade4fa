package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// scripted is a bot whose replies are made by a function.
type scripted struct {
	*bot.Bot
	reply func(m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation)
}

func (s scripted) Reply(ctx context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	if s.reply == nil {
		return s.Bot.Reply(ctx, m, c)
	}
	return s.reply(m, c)
}

func newBot(t testing.TB) scripted {
	t.Helper()
	b, err := bot.New(context.Background(), bot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return scripted{Bot: b}
}

func drain(t testing.TB, e *engine.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := e.Drain(ctx); err != nil {
		t.Errorf("drain: %v", err)
	}
}

// platform is where replies are posted and events acknowledged.
type platform struct {
	mu       sync.Mutex
	posts    []string
	outcomes map[string][]engine.Outcome
}

func (p *platform) event(id, conversation string) engine.Event {
	return engine.Event{
		Adapter: "test", ID: id, Conversation: conversation,
		Message: bot.Message{Text: "What is KAP?"},
		Deliver: func(context.Context, bot.Reply) error { p.post(id); return nil },
		Settled: func(o engine.Outcome) { p.settled(id, o) },
	}
}

func (p *platform) post(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.posts = append(p.posts, id)
}

func (p *platform) settled(id string, o engine.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outcomes == nil {
		p.outcomes = map[string][]engine.Outcome{}
	}
	p.outcomes[id] = append(p.outcomes[id], o)
}

func TestEventsOfAConversationKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(newBot(t), engine.NewMemory(), engine.Options{})
		var p platform
		var want []string
		for i := range 50 {
			id := fmt.Sprint(i)
			want = append(want, id)
			if err := e.Submit(t.Context(), p.event(id, "c")); err != nil {
				t.Fatal(err)
			}
		}
		drain(t, e)
		if !slices.Equal(p.posts, want) {
			t.Errorf("posted %v", p.posts)
		}
	})
}

func TestACopyIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(newBot(t), engine.NewMemory(), engine.Options{})
		var p platform
		for range 3 {
			if err := e.Submit(t.Context(), p.event("1", "c")); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if err := e.Submit(t.Context(), p.event("1", "c")); err != nil {
			t.Fatal(err)
		}
		drain(t, e)
		if len(p.posts) != 1 {
			t.Errorf("posted %v", p.posts)
		}
		slices.Sort(p.outcomes["1"])
		want := []engine.Outcome{engine.Answered, engine.Duplicate, engine.Duplicate, engine.Duplicate}
		if !slices.Equal(p.outcomes["1"], want) {
			t.Errorf("outcomes %v, want %v", p.outcomes["1"], want)
		}
	})
}
