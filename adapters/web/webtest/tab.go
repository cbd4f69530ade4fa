package webtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Do runs steps of chromedp.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.Ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// Open loads an address.
func (b *Tab) Open(url string) {
	b.Helper()
	b.Do(chromedp.Navigate(url))
}

// JS evaluates an expression in the page.
func JS[T any](b *Tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.Ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// InFrame reports whether an expression is true in the frame of another origin
// on the same host.
func (b *Tab) InFrame(origin, expression string) bool {
	b.Helper()
	b.mu.Lock()
	id, ok := b.frames[origin]
	b.mu.Unlock()
	if !ok {
		return false
	}
	is, err := chromedp.Run(b.Ctx, chromedp.Evaluate[bool]("!!("+expression+")", func(p *runtime.EvaluateParams) { p.ContextID = id }))
	return err == nil && is // a frame that is on its way to another page has no context
}

// Until waits for an expression to become true.
func (b *Tab) Until(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.Ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		b.Fatalf("waiting for %s: %v", expression, err)
	}
}

// Eventually waits for something that the tab has noted to become true.
func (b *Tab) Eventually(what string, ok func() bool) {
	b.Helper()
	for range 500 {
		if ok() {
			return
		}
		JS[string](b, "new Promise(r => setTimeout(r, 20, ''))")
	}
	b.Fatalf("waited in vain: %s", what)
}

// Requested counts the requests for an address.
func (b *Tab) Requested(url string) int {
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

// Text is what can be read in the first element that fits, or "".
func (b *Tab) Text(selector string) string {
	b.Helper()
	return JS[string](b, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

func (b *Tab) turns() int {
	b.Helper()
	return JS[int](b, "document.querySelectorAll('#log .turn').length")
}

// Ask types a question, sends it by Enter and waits for the turn.
func (b *Tab) Ask(question string) {
	b.Helper()
	before := b.turns()
	b.Do(chromedp.SendKeys(chromedp.CSS("#q"), question))
	b.Key("Enter", 13)
	b.Until(fmt.Sprintf("document.querySelectorAll('#log .turn').length === %d", before+1))
}

// Key presses a key as a keyboard does: without text of its own, so that what
// the page prevents stays prevented.
func (b *Tab) Key(name string, code int64) {
	b.Helper()
	for _, kind := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
		_, err := chromedp.Call(b.Ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: name, Code: name, WindowsVirtualKeyCode: code,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// Click clicks the element, in the middle of the screen, where nothing covers it.
func (b *Tab) Click(selector string) {
	b.Helper()
	JS[string](b, fmt.Sprintf("document.querySelector(%q).scrollIntoView({block: 'center', behavior: 'instant'}), ''", selector))
	b.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Press clicks the element and waits for one more turn.
func (b *Tab) Press(selector string) {
	b.Helper()
	before := b.turns()
	b.Click(selector)
	b.Until(fmt.Sprintf("document.querySelectorAll('#log .turn').length === %d", before+1))
}

// LastTurn is the selector of the newest turn of a conversation.
const LastTurn = "#log .turn:last-child"

// Media sets what the page may ask of its surroundings: colours, motion, print.
func (b *Tab) Media(features map[string]string, kind string) {
	b.Helper()
	var list []*emulation.MediaFeature
	for name, value := range features {
		list = append(list, &emulation.MediaFeature{Name: name, Value: value})
	}
	if _, err := chromedp.Call(b.Ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: list}); err != nil {
		b.Fatal(err)
	}
}

// NoScript turns JavaScript off.
func (b *Tab) NoScript() {
	b.Helper()
	if _, err := chromedp.Call(b.Ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.Fatal(err)
	}
}

// Shot writes a screenshot of the whole page, if they are wanted.
func (b *Tab) Shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.save(name+".png", chromedp.FullScreenshot(100))
}

// View writes a screenshot of what is in sight, if they are wanted.
func (b *Tab) View(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.save(name+".png", chromedp.CaptureScreenshot())
}

func (b *Tab) save(name string, take chromedp.Action[[]byte]) {
	b.Helper()
	png, err := chromedp.Run(b.Ctx, take)
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
