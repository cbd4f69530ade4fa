package bot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"kapbot/kb"
)

// shelf holds the library that answers come from, and where it was read from. Replies hold it for reading
// while they are made, so a reload waits microseconds for those in hand and
// then frees the old library; nothing ever searches a closed one.
type shelf struct {
	mu     sync.RWMutex
	lib    *kb.Library
	source kb.Options
}

// use calls f with the library that is current.
func (s *shelf) use(f func(lib *kb.Library)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f(s.lib)
}

// swap puts lib, read from source, in the old library's place and closes the old one.
func (s *shelf) swap(lib *kb.Library, source kb.Options) error {
	s.mu.Lock()
	old := s.lib
	s.lib, s.source = lib, source
	s.mu.Unlock()
	if old == nil {
		return nil
	}
	return old.Close()
}

// Reload reads the documents again and swaps the new library in whole. If one is
// bad, the old library stays and the error says what to mend.
func (b *Bot) Reload(ctx context.Context) error {
	b.shelf.mu.RLock()
	source := b.shelf.source
	b.shelf.mu.RUnlock()
	return b.reload(ctx, source)
}

// ReloadFrom is Reload with other documents added to the built-in one.
func (b *Bot) ReloadFrom(ctx context.Context, documents []string) error {
	b.shelf.mu.RLock()
	source := b.shelf.source
	b.shelf.mu.RUnlock()
	source.Documents = documents
	return b.reload(ctx, source)
}

func (b *Bot) reload(ctx context.Context, source kb.Options) error {
	lib, err := kb.Open(ctx, source)
	if err != nil {
		return fmt.Errorf("reload documents: %w", err)
	}
	return b.shelf.swap(lib, source)
}

// Close frees the library. No method may be called afterwards.
func (b *Bot) Close() error {
	b.shelf.mu.Lock()
	defer b.shelf.mu.Unlock()
	return b.shelf.lib.Close()
}

// DefaultCache is the directory for Options.Cache that the system sets aside for
// a program's caches, or "" if it has none.
func DefaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "kapbot")
}
