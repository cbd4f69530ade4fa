// Package webtest drives a real Chromium for tests of pages: it types, presses
// keys, takes screenshots, and notes what the page complains of and loads.
//
//	b := webtest.NewTab(t)
//	b.Open(srv.URL)
//	b.Ask("How does it work?")
//	b.Quiet(srv.URL)
//
// Where there is no Chromium a test is skipped with the line that installs it;
// under CI=true that is a failure. A package that uses it calls Stop in TestMain.
package webtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "write screenshots of the page into this `folder`")

// browser is one Chromium for all tests of the package; each test has a tab in
// a profile of its own.
var browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// Stop ends the browser, if one was started.
func Stop() {
	if browser.stop != nil {
		browser.stop()
	}
}

func startBrowser() {
	path, err := exec.LookPath("chromium")
	if err != nil {
		browser.err = err
		return
	}
	profile, err := os.MkdirTemp("", "kapbot-chromium")
	if err != nil {
		browser.err = err
		return
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.DisableGPU,
		chromedp.NoSandbox, // the tests may run as root, in a container
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)...)
	ctx, end := chromedp.NewContext(alloc)
	browser.ctx = ctx
	browser.stop = func() {
		end()
		endAlloc()
		_ = os.RemoveAll(profile)
	}
	browser.err = chromedp.Do(ctx)
}

// Missing skips a test for want of a program, or fails it where CI promised one.
func Missing(t *testing.T, what, install string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; install it: %s", what, install)
	}
	t.Skipf("%s is missing; to run this test: %s", what, install)
}

// Tab is a page in the browser, and what went wrong in it.
type Tab struct {
	*testing.T
	Ctx context.Context

	mu       sync.Mutex
	faults   []string
	requests []string
	frames   map[string]runtime.ExecutionContextID // by origin, the newest
}

// NewTab opens a tab in a profile of its own. It closes with the test.
func NewTab(t *testing.T) *Tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if errors.Is(browser.err, exec.ErrNotFound) {
		Missing(t, "chromium", "apt-get install -y chromium")
	}
	if browser.err != nil {
		t.Fatalf("start chromium: %v", browser.err)
	}
	b := &Tab{T: t}
	ctx, end := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.note))
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	b.Ctx = ctx
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	b.Media(map[string]string{"prefers-reduced-motion": "reduce"}, "")
	return b
}

// Faults are what the page has complained of.
func (b *Tab) Faults() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.faults)
}

// Shooting reports whether screenshots are wanted.
func Shooting() bool { return *shots != "" }

// Asked is how many requests for answers the page has sent.
func (b *Tab) Asked() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, url := range b.requests {
		if !strings.Contains(url, "/assets/") {
			n++
		}
	}
	return n
}

// note keeps what the page says on the console and what it loads.
func (b *Tab) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExecutionContextCreated:
		if b.frames == nil {
			b.frames = map[string]runtime.ExecutionContextID{}
		}
		b.frames[e.Context.Origin] = e.Context.ID
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, fmt.Sprintf("exception: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description))
	case *runtime.EventConsoleAPICalled:
		var text []string
		for _, a := range e.Args {
			text = append(text, string(a.Value))
		}
		if e.Type == "error" || e.Type == "warning" {
			b.faults = append(b.faults, "console: "+strings.Join(text, " "))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.faults = append(b.faults, "log: "+e.Entry.Text)
		}
	}
}

// Quiet asserts that the console is empty and that nothing but origins was asked.
func (b *Tab) Quiet(origins ...string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.Errorf("the page complains: %s", f)
	}
	for _, url := range b.requests {
		known := func(o string) bool { return strings.HasPrefix(url, o+"/") }
		if !slices.ContainsFunc(origins, known) && url != "about:blank" {
			b.Errorf("a request left the origin: %s", url)
		}
	}
}

// Frame is the frame of another site in the page, which the browser runs as a
// tab of its own.
func (b *Tab) Frame(origin string) *Tab {
	b.Helper()
	f := &Tab{T: b.T}
	b.Eventually("a frame of "+origin, func() bool {
		all, err := chromedp.Targets(b.Ctx)
		if err != nil {
			b.Fatal(err)
		}
		for _, info := range all {
			if info.Type == "iframe" && strings.HasPrefix(info.URL, origin) {
				ctx, end := chromedp.NewContext(b.Ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithListener(f.note))
				b.Cleanup(end)
				f.Ctx = ctx
				return true
			}
		}
		return false
	})
	return f
}
