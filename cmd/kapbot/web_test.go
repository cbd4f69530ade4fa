package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// `kapbot web` opens a page without any configuration, and Ctrl-C ends it.
func TestWeb(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	r, w := io.Pipe()
	var said strings.Builder
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"web", "--listen", "127.0.0.1:0"}, streams{strings.NewReader(""), w, &said})
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("the address is not told: %v\n%s", err, said.String())
	}
	res, err := http.Get(regexp.MustCompile(`http://\S+`).FindString(line))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !strings.Contains(string(page), "How does it work") {
		t.Errorf("no topics on the page: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
	interrupt()
	if code := <-done; code != exitOK {
		t.Errorf("exit status %d: %s", code, said.String())
	}
}

// An address that is taken is an error that says so.
func TestWebAddressTaken(t *testing.T) {
	var out, said strings.Builder
	if code := run(t.Context(), []string{"web", "--listen", "256.0.0.1:80"}, streams{strings.NewReader(""), &out, &said}); code != exitFailed {
		t.Errorf("exit status %d", code)
	}
	if !strings.Contains(said.String(), "web: listen") {
		t.Errorf("said: %s", said.String())
	}
}
