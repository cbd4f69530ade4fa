package kb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
)

const (
	// cacheFormat changes whenever an index kept by an older version of this
	// package can no longer be used.
	cacheFormat = "1"
	// small is how many passages a library may have that is indexed at every
	// start: in some tens of milliseconds, and nothing is written.
	small = 2000
	// builderBatch is how many entries are analysed before they are written.
	builderBatch = 10_000
	// unused is how long an index that nobody opens is kept.
	unused = 30 * 24 * time.Hour
	// abandoned is after how long a build that was not finished is taken away.
	abandoned = 24 * time.Hour
)

// The names in a cache directory.
const (
	keptPrefix  = "index-"    // then the key: an index that is whole
	buildPrefix = "building-" // then chance: one that is not, or no longer
	indexName   = "index"     // bleve's folder in either
)

// cache is a directory that holds indexes built before, by the hash of all that
// went into them. Any number of processes may use one at once: an index is built
// aside, put in place by one rename, and never changed afterwards.
type cache struct {
	dir     string
	key     string
	entries []entry
}

// newCache returns the cache in dir for entries that come from documents with a
// given hash.
func newCache(dir, documents string, entries []entry) (cache, error) {
	m, err := newMapping()
	if err != nil {
		return cache{}, fmt.Errorf("set up analyzers: %w", err)
	}
	how, err := json.Marshal(m)
	if err != nil {
		return cache{}, fmt.Errorf("describe index: %w", err)
	}
	h := sha256.New()
	for _, part := range [][]byte{[]byte(cacheFormat), []byte(documents), how} {
		h.Write(part)
		h.Write([]byte{0})
	}
	return cache{dir: dir, key: hex.EncodeToString(h.Sum(nil))[:32], entries: entries}, nil
}

func (c cache) path() string { return filepath.Join(c.dir, keptPrefix+c.key) }

// open returns the index that is kept, or builds and keeps it. What is kept and
// not whole is built again.
func (c cache) open(ctx context.Context) (bleve.Index, error) {
	idx, missing := c.kept()
	if missing == nil {
		return idx, nil
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make cache directory: %w", err)
	}
	aside, err := os.MkdirTemp(c.dir, buildPrefix)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	defer os.RemoveAll(aside) // what is left, sweep takes away another day
	if err := c.build(ctx, aside); err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	if err := c.place(aside); err != nil {
		return nil, fmt.Errorf("keep index: %w", err)
	}
	c.sweep(time.Now())
	return c.kept()
}

// kept opens the index in its place, if it is there and whole.
func (c cache) kept() (bleve.Index, error) {
	if err := verify(c.path(), c.key, len(c.entries)); err != nil {
		return nil, err
	}
	idx, err := bleve.OpenUsing(filepath.Join(c.path(), indexName), map[string]any{"read_only": true, "bolt_timeout": "10s"})
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if n, err := idx.DocCount(); err != nil || n != uint64(len(c.entries)) {
		return nil, discard(idx, fmt.Errorf("the index holds %d entries, not %d: %w", n, len(c.entries), errNotWhole))
	}
	now := time.Now()
	_ = os.Chtimes(manifestPath(c.path()), now, now) // for sweep; a directory that cannot be written to is not swept
	return idx, nil
}

// build writes the index and its manifest into an empty directory.
func (c cache) build(ctx context.Context, dir string) error {
	m, err := newMapping()
	if err != nil {
		return err
	}
	b, err := bleve.NewBuilder(filepath.Join(dir, indexName), m, map[string]any{"batchSize": builderBatch, "buildPathPrefix": dir})
	if err != nil {
		return err
	}
	for i, e := range c.entries {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, b.Close())
		}
		if err := b.Index(strconv.Itoa(i), e.fields()); err != nil {
			return errors.Join(err, b.Close())
		}
	}
	if err := b.Close(); err != nil {
		return err
	}
	return writeManifest(dir, c.key, len(c.entries))
}

// place puts a finished index in its place. If another process was first, its
// index stays; if what is there is not whole, it makes room.
func (c cache) place(built string) error {
	err := os.Rename(built, c.path())
	if err == nil {
		return nil
	}
	if verify(c.path(), c.key, len(c.entries)) == nil {
		return nil
	}
	broken, mkErr := os.MkdirTemp(c.dir, buildPrefix)
	if mkErr != nil {
		return errors.Join(err, mkErr)
	}
	defer os.RemoveAll(broken) // what is left, sweep takes away another day
	if err := os.Rename(c.path(), filepath.Join(broken, "broken")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(built, c.path()); err != nil && verify(c.path(), c.key, len(c.entries)) != nil {
		return err
	}
	return nil
}

// sweep takes away what nobody has used for long. What cannot be taken away, or
// is gone already, is left to another day.
func (c cache) sweep(now time.Time) {
	names, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, n := range names {
		path := filepath.Join(c.dir, n.Name())
		seen, limit := path, abandoned
		switch {
		case path == c.path():
			continue
		case strings.HasPrefix(n.Name(), keptPrefix):
			seen, limit = manifestPath(path), unused
		case !strings.HasPrefix(n.Name(), buildPrefix):
			continue
		}
		if info, err := os.Stat(seen); err == nil && now.Sub(info.ModTime()) > limit {
			_ = os.RemoveAll(path)
		}
	}
}
