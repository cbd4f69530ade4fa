package bot_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"kapbot/bot"
)

// While documents are reloaded again and again, every question is answered, by the
// old library or the new one, and nothing is left running at the end.
func TestReloadWhilePeopleAsk(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	b, err := bot.New(context.Background(), bot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.md")
	if err := os.WriteFile(bad, []byte("no document"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var people sync.WaitGroup
	for range 2 {
		people.Go(func() {
			for ctx.Err() == nil {
				r, _ := b.Reply(context.Background(), bot.Message{Text: "How do I choose a provider?", Direct: true}, bot.Conversation{})
				if r.Kind() != bot.Answer || r.Topic() != "choosing-a-provider" || len(r.Related()) == 0 {
					t.Errorf("during a reload the reply is %s %s with %v", r.Kind(), r.Topic(), r.Related())
					return
				}
				if got := b.Complete(context.Background(), "how d", 2); len(got) != 2 {
					t.Errorf("during a reload %v completes", got)
					return
				}
			}
		})
	}
	for i := range 6 {
		if err := b.Reload(context.Background()); err != nil {
			t.Error(err)
		}
		if i%3 == 0 {
			if err := b.ReloadFrom(context.Background(), []string{bad}); err == nil {
				t.Error("a bad document was taken in")
			}
		}
	}
	stop()
	people.Wait()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
