package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"kapbot/adapters/web/webtest"
	"kapbot/bot/engine"
)

func TestMain(m *testing.M) {
	if os.Getenv(serveLoad) != "" {
		if err := runLoadServer(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	webtest.Stop()
	os.Exit(code)
}

// ratings is a Rater that remembers.
type ratings struct {
	mu   sync.Mutex
	kept map[string]engine.Rating
}

func (r *ratings) Rate(_ context.Context, _, _, answer string, rating engine.Rating) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]engine.Rating{}
	}
	r.kept[answer] = rating
	return nil
}

func (r *ratings) all() []engine.Rating {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []engine.Rating
	for _, v := range r.kept {
		all = append(all, v)
	}
	return all
}

// site serves the page on a socket, with ratings.
func site(t *testing.T, o Options) (*httptest.Server, *ratings) {
	t.Helper()
	kept := &ratings{}
	if o.Rater == nil {
		o.Rater = kept
	}
	srv := httptest.NewServer(newServer(t, o).Handler())
	t.Cleanup(srv.Close)
	return srv, kept
}
