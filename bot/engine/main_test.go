package engine_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// What people type in these tests. The replies come from a real bot.
const (
	question  = "How does ketamine-assisted psychotherapy work?"
	uncovered = "How much does a session cost? Mail ann.lee@example.org or call 555-0134"
	danger    = "I am going to kill myself tonight"
	poison    = "a message on which the bot panics"
)

// real is made before any test, outside of every synctest bubble.
var real *bot.Bot

func TestMain(m *testing.M) {
	var err error
	real, err = bot.New(context.Background(), bot.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, text := range []string{question, uncovered, danger} {
		replies[text], _ = real.Reply(context.Background(), bot.Message{Text: text}, bot.Conversation{})
	}
	code := m.Run()
	if err := real.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	// Bleve's analysis workers belong to the library and live as long as the process.
	if err := goleak.Find(goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var replies = map[string]bot.Reply{}

// parrot is an Answerer that gives the prepared replies and counts turns.
type parrot struct{}

func (parrot) Reply(_ context.Context, m bot.Message, c bot.Conversation) (bot.Reply, bot.Conversation) {
	if m.Text == poison {
		panic("cannot read " + m.Text)
	}
	r := replies[m.Text]
	c.Turn++
	c.Topic = r.Topic()
	if r.Kind().Urgent() {
		c.CrisisUntil = time.Now().Add(time.Hour)
	}
	return r, c
}

func (parrot) SlowDown() bot.Reply { return real.SlowDown() }
func (parrot) Failure() bot.Reply  { return real.Failure() }

// platform is where replies are posted and events are acknowledged.
type platform struct {
	mu       sync.Mutex
	posts    []post
	outcomes map[string][]engine.Outcome
}

type post struct {
	id   string
	kind bot.Kind
}

// event is a question in a conversation, posted at once.
func (p *platform) event(id, conversation string) engine.Event {
	return engine.Event{
		Adapter: "test", ID: id, Conversation: conversation,
		Message: bot.Message{Text: question},
		Deliver: func(_ context.Context, r bot.Reply) error { p.post(id, r); return nil },
		Settled: func(o engine.Outcome) { p.settled(id, o) },
	}
}

func (p *platform) post(id string, r bot.Reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.posts = append(p.posts, post{id, r.Kind()})
}

func (p *platform) settled(id string, o engine.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outcomes == nil {
		p.outcomes = map[string][]engine.Outcome{}
	}
	p.outcomes[id] = append(p.outcomes[id], o)
}

func (p *platform) ids() (ids []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, post := range p.posts {
		ids = append(ids, post.id)
	}
	return ids
}

func (p *platform) kinds() (kinds []bot.Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, post := range p.posts {
		kinds = append(kinds, post.kind)
	}
	return kinds
}

func (p *platform) outcome(t testing.TB, id string) engine.Outcome {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.outcomes[id]) != 1 {
		t.Fatalf("event %s settled %d times: %v", id, len(p.outcomes[id]), p.outcomes[id])
	}
	return p.outcomes[id][0]
}

func submit(t testing.TB, e *engine.Engine, v engine.Event) {
	t.Helper()
	if err := e.Submit(t.Context(), v); err != nil {
		t.Fatalf("submit %s: %v", v.ID, err)
	}
}

// drain finishes what is in hand; all tests end with it.
func drain(t testing.TB, e *engine.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if err := e.Drain(ctx); err != nil {
		t.Errorf("drain: %v", err)
	}
}
