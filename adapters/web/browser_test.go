package web

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kapbot/bot/engine"
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

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
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

// missing skips a test for want of a program, or fails it where CI promised one.
func missing(t *testing.T, what, install string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; install it: %s", what, install)
	}
	t.Skipf("%s is missing; to run this test: %s", what, install)
}

// tab is a page in the browser, and what went wrong in it.
type tab struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	faults   []string
	requests []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if errors.Is(browser.err, exec.ErrNotFound) {
		missing(t, "chromium", "apt-get install -y chromium")
	}
	if browser.err != nil {
		t.Fatalf("start chromium: %v", browser.err)
	}
	b := &tab{T: t}
	ctx, end := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.note))
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	b.media(map[string]string{"prefers-reduced-motion": "reduce"}, "")
	return b
}

// asked is how many requests for answers the page has sent.
func (b *tab) asked() int {
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
func (b *tab) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
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

// quiet asserts that the console is empty and that nothing but origins was asked.
func (b *tab) quiet(origins ...string) {
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

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) open(url string) {
	b.Helper()
	b.do(chromedp.Navigate(url))
}

// js evaluates an expression in the page.
func js[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to become true.
func (b *tab) until(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		b.Fatalf("waiting for %s: %v", expression, err)
	}
}

// eventually waits for something that the tab has noted to become true.
func (b *tab) eventually(what string, ok func() bool) {
	b.Helper()
	for range 500 {
		if ok() {
			return
		}
		js[string](b, "new Promise(r => setTimeout(r, 20, ''))")
	}
	b.Fatalf("waited in vain: %s", what)
}

// requested counts the requests for an address.
func (b *tab) requested(url string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, u := range b.requests {
		if strings.HasPrefix(u, url) {
			n++
		}
	}
	return n
}

func (b *tab) text(selector string) string {
	b.Helper()
	return js[string](b, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

func (b *tab) turns() int {
	b.Helper()
	return js[int](b, "document.querySelectorAll('#log .turn').length")
}

// ask types a question, sends it by Enter and waits for the turn.
func (b *tab) ask(question string) {
	b.Helper()
	before := b.turns()
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), question))
	b.key("Enter", 13)
	b.until(fmt.Sprintf("document.querySelectorAll('#log .turn').length === %d", before+1))
}

// key presses a key as a keyboard does: without text of its own, so that what
// the page prevents stays prevented.
func (b *tab) key(name string, code int64) {
	b.Helper()
	for _, kind := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: name, Code: name, WindowsVirtualKeyCode: code,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// click clicks the element, in the middle of the screen, where nothing covers it.
func (b *tab) click(selector string) {
	b.Helper()
	js[string](b, fmt.Sprintf("document.querySelector(%q).scrollIntoView({block: 'center', behavior: 'instant'}), ''", selector))
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// press clicks the element and waits for one more turn.
func (b *tab) press(selector string) {
	b.Helper()
	before := b.turns()
	b.click(selector)
	b.until(fmt.Sprintf("document.querySelectorAll('#log .turn').length === %d", before+1))
}

const lastTurn = "#log .turn:last-child"

func (b *tab) media(features map[string]string, kind string) {
	b.Helper()
	var list []*emulation.MediaFeature
	for name, value := range features {
		list = append(list, &emulation.MediaFeature{Name: name, Value: value})
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: list}); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) noScript() {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.Fatal(err)
	}
}

// shot writes a screenshot of the whole page, if they are wanted.
func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.save(name+".png", chromedp.FullScreenshot(100))
}

// view writes a screenshot of what is in sight, if they are wanted.
func (b *tab) view(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.save(name+".png", chromedp.CaptureScreenshot())
}

func (b *tab) save(name string, take chromedp.Action[[]byte]) {
	b.Helper()
	png, err := chromedp.Run(b.ctx, take)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(*shots, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name), png, 0o644); err != nil {
		b.Fatal(err)
	}
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
