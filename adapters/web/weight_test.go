package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
)

// The page with all that it loads is light enough for a slow phone.
func TestWeight(t *testing.T) {
	s := newServer(t, Options{})
	total := 0
	fetch := func(path string) []byte {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		res := do(t, s.Handler(), r)
		sent, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%s: status %d, %v", path, res.StatusCode, err)
		}
		total += len(sent)
		t.Logf("%6d bytes %s", len(sent), path)
		if res.Header.Get("Content-Encoding") != "gzip" {
			return sent
		}
		zr, err := gzip.NewReader(bytes.NewReader(sent))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(zr)
		if err != nil {
			t.Fatal(err)
		}
		return plain
	}
	page := fetch("/")
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllSubmatch(page, -1) {
		fetch(string(m[1]))
	}
	t.Logf("%6d bytes in all", total)
	if total > 60<<10 {
		t.Errorf("the page weighs %d bytes, more than 60 KiB", total)
	}
}
