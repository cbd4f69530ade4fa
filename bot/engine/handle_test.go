package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

func TestAConversationIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		turn := func(id string) (before bot.Conversation) {
			v := p.event(id, "c")
			v.Respond = func(ctx context.Context, c bot.Conversation) (bot.Reply, bot.Conversation) {
				before = c
				return parrot{}.Reply(ctx, bot.Message{Text: question}, c)
			}
			submit(t, e, v)
			synctest.Wait()
			return before
		}
		if c := turn("1"); !c.Equal(bot.Conversation{}) {
			t.Errorf("it begins with %+v", c)
		}
		if c := turn("2"); c.Turn != 1 || c.Topic != replies[question].Topic() {
			t.Errorf("then %+v", c)
		}
		time.Sleep(31 * time.Minute)
		if c := turn("3"); !c.Equal(bot.Conversation{}) {
			t.Errorf("after half an hour %+v", c)
		}
		v := p.event("4", "c")
		v.Message.Text = danger
		submit(t, e, v)
		time.Sleep(50 * time.Minute)
		if c := turn("5"); c.CrisisUntil.IsZero() {
			t.Error("50 minutes after a crisis it is forgotten")
		}
		drain(t, e)
	})
}

func TestAPanicTouchesOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var written bytes.Buffer
		watch := &watcher{}
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{Observer: watch, Log: slog.New(slog.NewJSONHandler(&written, nil))})
		var p platform
		bad := p.event("bad", "c")
		bad.Message.Text = poison
		rude := p.event("rude", "c")
		rude.Deliver = func(context.Context, bot.Reply) error { panic("posting " + poison) }
		loud := p.event("loud", "c")
		loud.Settled = func(o engine.Outcome) { p.settled("loud", o); panic("settling " + poison) }
		for _, v := range []engine.Event{bad, rude, loud, p.event("good", "c")} {
			submit(t, e, v)
		}
		drain(t, e)
		want := []post{{"bad", bot.Failure}, {"loud", bot.Answer}, {"good", bot.Answer}}
		if !slices.Equal(p.posts, want) {
			t.Errorf("posted %v", p.posts)
		}
		if got := p.outcome(t, "rude"); got != engine.Failed {
			t.Errorf("the event whose delivery panicked: %v", got)
		}
		if watch.panics != 3 {
			t.Errorf("%d panics counted", watch.panics)
		}
		if strings.Contains(written.String(), poison) {
			t.Errorf("the log quotes a message:\n%s", &written)
		}
	})
}

func TestTooManyMessages(t *testing.T) {
	for name, count := range map[string]func(*engine.Event){
		"person":  func(v *engine.Event) { v.Person = "ann" },
		"channel": func(v *engine.Event) { v.Channel = "general" },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				five := engine.Rate{PerMinute: 6, Burst: 5}
				e := engine.New(parrot{}, engine.NewMemory(), engine.Options{PersonRate: five, ChannelRate: five})
				var p platform
				n := 0
				send := func(text string) {
					n++
					v := p.event(fmt.Sprint(n), "c")
					v.Message.Text = text
					count(&v)
					submit(t, e, v)
				}
				for range 8 {
					send(question)
				}
				send(danger)
				send(question)
				synctest.Wait()
				want := slices.Concat(slices.Repeat([]bot.Kind{bot.Answer}, 5), []bot.Kind{bot.SlowDown, bot.Crisis})
				if got := p.kinds(); !slices.Equal(got, want) {
					t.Errorf("replies %v", got)
				}
				if got := p.outcome(t, "8"); got != engine.Limited {
					t.Errorf("the eighth: %v", got)
				}
				time.Sleep(15 * time.Second)
				send(question)
				send(question)
				send(question)
				drain(t, e)
				want = append(want, bot.Answer, bot.SlowDown)
				if got := p.kinds(); !slices.Equal(got, want) {
					t.Errorf("replies %v", got)
				}
			})
		})
	}
}

func TestNobodyAskedTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(parrot{}, engine.NewMemory(), engine.Options{})
		var p platform
		for i, text := range []string{uncovered, danger} {
			v := p.event(fmt.Sprint(i), "c")
			v.Message.Text, v.Unaddressed = text, true
			submit(t, e, v)
		}
		drain(t, e)
		if got := p.kinds(); !slices.Equal(got, []bot.Kind{bot.Crisis}) {
			t.Errorf("it said %v", got)
		}
		if got := p.outcome(t, "0"); got != engine.Silent {
			t.Errorf("the uncertain one: %v", got)
		}
	})
}

// TestNothingTypedIsKept sends canaries down every path, and looks for them in all that
// the engine writes.
func TestNothingTypedIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var written bytes.Buffer
		store := engine.NewMemory()
		e := engine.New(parrot{}, &flaky{Memory: store}, engine.Options{Log: slog.New(slog.NewJSONHandler(&written, nil))})
		const canary = "Canary-7f3a"
		v := engine.Event{
			Adapter: "test", ID: canary + "-id", Workspace: canary + "-team", Conversation: canary + "-thread",
			Person: canary + "-ann", Channel: canary + "-general",
			Message: bot.Message{Text: canary + "-text"},
			Deliver: func(context.Context, bot.Reply) error { return nil },
		}
		submit(t, e, v)
		v.ID += "2"
		v.Deliver = func(context.Context, bot.Reply) error { return errors.New("no such channel") }
		submit(t, e, v)
		if err := e.Rate(t.Context(), "test", canary+"-ann", canary+"-message", engine.Rating{Topic: "research"}); err != nil {
			t.Error(err)
		}
		drain(t, e)
		fmt.Fprintf(&written, "%+v", store) // the maps, and all that is in them
		if strings.Contains(written.String(), "Canary") {
			t.Errorf("kept:\n%s", &written)
		}
		if !strings.Contains(written.String(), "event not answered") {
			t.Error("the log is empty, so this test shows nothing")
		}
	})
}

func TestUnansweredWordingsAreKeptOnRequest(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := engine.NewMemory()
				e := engine.New(parrot{}, store, engine.Options{KeepUnanswered: keep})
				var p platform
				for i, text := range []string{question, uncovered, danger} {
					v := p.event(fmt.Sprint(i), fmt.Sprint(i))
					v.Message.Text = text
					submit(t, e, v)
				}
				drain(t, e)
				r, err := store.Report(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				if !keep {
					if len(r.Unanswered) != 0 {
						t.Errorf("kept %v", r.Unanswered)
					}
					return
				}
				if len(r.Unanswered) != 1 || r.Unanswered[0].Text != engine.Redact(uncovered) {
					t.Errorf("kept %v", r.Unanswered)
				}
			})
		})
	}
}
