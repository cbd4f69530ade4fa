package kb

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// errNotWhole says that an index in the cache cannot be used as it is.
var errNotWhole = errors.New("the kept index is not whole")

// manifest says what a kept index consists of, so that one that was cut short,
// changed or put there by something else is not opened: bleve would trust it.
type manifest struct {
	Key     string         `json:"key"`
	Entries int            `json:"entries"`
	Files   []manifestFile `json:"files"`
}

type manifestFile struct {
	Name   string `json:"name"` // relative, with slashes
	Size   int64  `json:"size"` // in bytes
	CRC32C uint32 `json:"crc32c"`
}

func manifestPath(dir string) string { return filepath.Join(dir, "manifest.json") }

// writeManifest describes all files in dir as they are now.
func writeManifest(dir, key string, entries int) error {
	files, err := describe(dir)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(manifest{Key: key, Entries: entries, Files: files}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(manifestPath(dir), text, 0o600)
}

// verify compares all files in dir with its manifest.
func verify(dir, key string, entries int) error {
	text, err := os.ReadFile(manifestPath(dir))
	if err != nil {
		return fmt.Errorf("%w: %w", errNotWhole, err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("%w: %w", errNotWhole, err)
	}
	if m.Key != key || m.Entries != entries {
		return fmt.Errorf("%w: it is another one's", errNotWhole)
	}
	files, err := describe(dir)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotWhole, err)
	}
	if !slices.Equal(files, m.Files) {
		return fmt.Errorf("%w: its files are not those that were written", errNotWhole)
	}
	return nil
}

// describe lists the files in dir but for the manifest, by name.
func describe(dir string) ([]manifestFile, error) {
	var files []manifestFile
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == manifestPath(dir) {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		sum, size, err := checksum(path)
		if err != nil {
			return err
		}
		files = append(files, manifestFile{filepath.ToSlash(name), size, sum})
		return nil
	})
	return files, err
}

func checksum(path string) (sum uint32, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	size, err = io.Copy(h, f)
	return h.Sum32(), size, err
}
