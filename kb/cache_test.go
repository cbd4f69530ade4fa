package kb_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kapbot/kb"
	"kapbot/kb/kbtest"
)

// largeEnough is a number of topics whose index is kept.
const largeEnough = 400

// listing is the names of all files below dir, a part of the kept index's name
// cut off.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			top, rest, _ := strings.Cut(filepath.ToSlash(name), "/")
			names = append(names, top[:min(6, len(top))]+"/"+rest)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func found(t *testing.T, l *kb.Library, questions []string) []string {
	t.Helper()
	var all []string
	for _, q := range questions {
		hits, err := l.Search(context.Background(), q, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			all = append(all, h.ID())
		}
	}
	return all
}

func TestSmallLibrariesWriteNothing(t *testing.T) {
	dir := t.TempDir()
	l := mustOpen(t, kb.Options{Cache: dir})
	defer l.Close()
	if names := listing(t, dir); len(names) > 0 {
		t.Errorf("a small library wrote %v", names)
	}
	if l.CacheProblem() != nil {
		t.Errorf("a small library needs no cache, and yet: %v", l.CacheProblem())
	}
}

// A library of several documents is indexed once; opened again, or damaged in any
// way, it finds the same.
func TestKeptIndex(t *testing.T) {
	g := kbtest.NewGenerator()
	documents := g.Documents(t, t.TempDir(), 2*largeEnough)
	inMemory := mustOpen(t, kb.Options{Documents: documents})
	defer inMemory.Close()
	questions := g.Questions(inMemory, 50)
	want := found(t, inMemory, questions)

	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	o := kb.Options{Documents: documents, Cache: dir}
	first := mustOpen(t, o)
	if got := found(t, first, questions); !slices.Equal(got, want) {
		t.Error("the kept index finds other topics than the one in memory")
	}
	first.Close()
	names := []string{"index-/index/index_meta.json", "index-/index/store/000000000002.zap", "index-/index/store/root.bolt", "index-/manifest.json"}
	if got := listing(t, dir); !slices.Equal(got, names) {
		t.Fatalf("the cache holds %v, want %v", got, names)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "index-*"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	segment := filepath.Join(kept[0], "index", "store", "000000000002.zap")
	before, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func() error{
		"untouched":     func() error { return nil },
		"cut short":     func() error { return os.Truncate(segment, int64(len(before)/2)) },
		"empty":         func() error { return os.Truncate(segment, 0) },
		"one byte":      func() error { return os.WriteFile(segment, append([]byte{before[0] ^ 1}, before[1:]...), 0o600) },
		"segment gone":  func() error { return os.Remove(segment) },
		"manifest gone": func() error { return os.Remove(filepath.Join(kept[0], "manifest.json")) },
		"another's": func() error {
			return os.WriteFile(filepath.Join(kept[0], "manifest.json"), []byte(`{"key":"another"}`), 0o600)
		},
		"a file more": func() error { return os.WriteFile(filepath.Join(kept[0], "index", "x"), nil, 0o600) },
		"a file instead": func() error {
			if err := os.RemoveAll(kept[0]); err != nil {
				return err
			}
			return os.WriteFile(kept[0], []byte("not an index"), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			l := mustOpen(t, o)
			defer l.Close()
			if err := l.CacheProblem(); err != nil {
				t.Errorf("the index was not kept: %v", err)
			}
			if got := found(t, l, questions); !slices.Equal(got, want) {
				t.Error("other topics are found")
			}
			if got := listing(t, dir); !slices.Equal(got, names) {
				t.Errorf("the cache holds %v, want %v", got, names)
			}
		})
	}
}

func TestChangedDocumentsHaveAnIndexOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	documents := kbtest.NewGenerator().Documents(t, t.TempDir(), largeEnough)
	mustOpen(t, kb.Options{Documents: documents, Cache: dir}).Close()
	text, err := os.ReadFile(documents[0])
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, "\n## What is a zyzzyva? {#zyzzyva}\n\nA weevil.\n"...)
	if err := os.WriteFile(documents[0], text, 0o600); err != nil {
		t.Fatal(err)
	}
	l := mustOpen(t, kb.Options{Documents: documents, Cache: dir})
	defer l.Close()
	if got := found(t, l, []string{"zyzzyva"}); !slices.Equal(got, []string{"d0/zyzzyva"}) {
		t.Errorf("the new topic is not found: %v", got)
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	g := kbtest.NewGenerator()
	l := mustOpen(t, kb.Options{Documents: g.Documents(t, t.TempDir(), largeEnough), Cache: filepath.Join(file, "cache")})
	defer l.Close()
	if l.CacheProblem() == nil {
		t.Error("nobody is told that the index could not be kept")
	}
	if len(found(t, l, g.Questions(l, 10))) == 0 {
		t.Error("nothing is found")
	}
}

func TestManyOpenTheSameCache(t *testing.T) {
	dir := t.TempDir()
	g := kbtest.NewGenerator()
	o := kb.Options{Documents: g.Documents(t, t.TempDir(), largeEnough), Cache: dir}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			l, err := kb.Open(context.Background(), o)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Close()
			if err := l.CacheProblem(); err != nil {
				t.Error(err)
			}
			if hits, err := l.Search(context.Background(), l.Topics()[len(l.Topics())-1].Question, 1); err != nil || len(hits) != 1 {
				t.Error(hits, err)
			}
		})
	}
	wg.Wait()
	if names := listing(t, dir); len(names) != 4 {
		t.Errorf("more is left than one index: %v", names)
	}
}
