package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What a person does on the page, in a real browser.
func TestStory(t *testing.T) {
	srv, kept := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL)

	b.ask("How does it work?")
	if got := b.text(lastTurn); !strings.Contains(got, "glutamate") || !strings.Contains(got, "not medical advice") {
		t.Errorf("the answer or its disclaimer is missing:\n%s", got)
	}
	if marked := b.text(lastTurn + " mark"); !strings.HasPrefix(marked, "Ketamine works by") {
		t.Errorf("marked: %q", marked)
	}
	if js[string](b, "document.activeElement.id") != "q" {
		t.Error("the focus has left the question field")
	}
	if js[string](b, "document.getElementById('q').value") != "" {
		t.Error("the question still stands in the field")
	}

	b.press(lastTurn + " .related .chip")
	if js[bool](b, "!document.activeElement.matches('"+lastTurn+"')") {
		t.Error("after a button the focus is not on the new answer")
	}

	b.click(lastTurn + " .rating button:nth-of-type(2)")
	b.until("document.querySelector('" + lastTurn + " .thanks .rating')")
	b.click(lastTurn + " .thanks .rating button")
	b.until("!document.querySelector('" + lastTurn + " .rating')")
	if all := kept.all(); len(all) != 1 || all[0].Helpful || all[0].Reason == "" {
		t.Errorf("ratings kept: %+v", all)
	}
	b.quiet(srv.URL)
}

func TestDidYouMean(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL)
	for _, vague := range []string{"How does KAP work?", "kap provider", "KAP", "therapy", "ketamine", "help with ketamine"} {
		b.ask(vague)
		if b.text(lastTurn+" .clarify") != "" {
			break
		}
	}
	if n := js[int](b, "document.querySelectorAll('"+lastTurn+" .clarify .chip').length"); n < 2 {
		t.Fatalf("the bot asked back to none of the vague questions (%d choices)", n)
	}
	choice := b.text(lastTurn + " .chip")
	b.press(lastTurn + " .chip")
	if got := b.text(lastTurn + " .asked"); !strings.Contains(got, choice) {
		t.Errorf("picked %q, and the page says %q", choice, got)
	}
	b.quiet(srv.URL)
}

func TestTopicsWhileTyping(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL)
	before := b.asked()
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "choose a prov"))
	b.until("document.querySelector('#suggest .chip')")
	if got := b.text("#suggest .chip"); got != "How do I choose a provider?" {
		t.Errorf("offered: %q", got)
	}
	if b.asked() != before {
		t.Errorf("typing sent a request: %v", b.requests)
	}
	b.press("#suggest .chip")
	if !strings.Contains(b.text(lastTurn), "Licensed medical prescriber") {
		t.Error("the topic was not shown")
	}
	b.quiet(srv.URL)
}

// Help comes first, large, with numbers to tap, and the next answer leaves it in sight.
func TestCrisisStays(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.do(chromedp.EmulateViewport(360, 740))
	b.open(srv.URL)
	b.ask("I want to die")
	links := js[[]string](b, "[...document.querySelectorAll('"+lastTurn+" .way')].map(a => a.href)")
	if len(links) < 2 || links[0] != "tel:988" || links[1] != "sms:988" {
		t.Errorf("links: %v", links)
	}
	if js[string](b, "document.querySelector('"+lastTurn+" .reply').getAttribute('role')") != "alert" {
		t.Error("the reply is not announced at once")
	}
	if !js[bool](b, "getComputedStyle(document.querySelector('"+lastTurn+" .way')).fontSize.slice(0, -2) >= 18") {
		t.Error("the number is not large")
	}
	b.ask("who may benefit?")
	b.until("document.querySelector('#standing .way').getBoundingClientRect().top >= 0")
	if !js[bool](b, "(r => r.bottom > 0 && r.bottom < innerHeight)(document.querySelector('#standing .way').getBoundingClientRect())") {
		t.Error("the number is out of sight")
	}
	if js[bool](b, "document.querySelector('"+lastTurn+" .asked').getBoundingClientRect().top < document.querySelector('#standing').getBoundingClientRect().bottom") {
		t.Error("help covers the new question")
	}
	if !js[bool](b, "!!document.querySelector('#log .crisis')") {
		t.Error("the crisis reply was cleared")
	}
	b.quiet(srv.URL)
}

func TestChecklistAndPrint(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL + "/checklist")
	items := js[int](b, "document.querySelectorAll('.checklist input').length")
	before := b.asked()
	b.click(".checklist li:first-child label")
	if n := js[int](b, "document.querySelectorAll('#missing li').length"); n != items-1 {
		t.Errorf("%d of %d items are left to ask about", n, items)
	}
	js[string](b, "document.querySelectorAll('.checklist input:not(:checked)').forEach(i => i.click()), ''")
	if got := b.text("#missing"); !strings.HasPrefix(got, "Everything on the list is ticked") {
		t.Errorf("all ticked: %q", got)
	}
	if b.asked() != before {
		t.Error("ticking sent a request")
	}
	for _, path := range []string{"/checklist", "/topics/choosing-a-provider"} {
		b.open(srv.URL + path)
		pdf, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(pdf.Data), "/Type /Page\n"); n != 1 {
			t.Errorf("%s prints on %d pages", path, n)
		}
	}
	b.quiet(srv.URL)
}

func TestWithoutScript(t *testing.T) {
	srv, kept := site(t, Options{})
	b := newTab(t)
	b.noScript()
	b.open(srv.URL)
	load := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if _, err := chromedp.RunResponse(b.ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	html := func() string {
		t.Helper()
		html, err := chromedp.Run(b.ctx, chromedp.OuterHTML(chromedp.CSS("main")))
		if err != nil {
			t.Fatal(err)
		}
		return html
	}
	load(chromedp.SendKeys(chromedp.CSS("#q"), "How does it work?"), chromedp.Click(chromedp.CSS(".send")))
	if !strings.Contains(html(), "glutamate") {
		t.Error("no answer without a script")
	}
	load(chromedp.Click(chromedp.CSS(".related .chip")))
	if !strings.Contains(html(), `class="seen"`) {
		t.Error("the conversation was lost")
	}
	load(chromedp.Click(chromedp.CSS(".rating button")))
	if len(kept.all()) != 1 {
		t.Error("the rating was lost")
	}
	load(chromedp.SendKeys(chromedp.CSS("#q"), "I want to die"), chromedp.Click(chromedp.CSS(".send")))
	load(chromedp.SendKeys(chromedp.CSS("#q"), "who may benefit?"), chromedp.Click(chromedp.CSS(".send")))
	visible, err := chromedp.Run(b.ctx, chromedp.OuterHTML(chromedp.ID("standing")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(visible, "tel:988") || strings.Contains(visible, "hidden") {
		t.Errorf("help is gone: %s", visible)
	}
	b.quiet(srv.URL)
}

// From 320 pixels up, and with text at 200 %, nothing needs scrolling sideways.
func TestNarrowAndLarge(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	for _, tt := range []struct {
		width int64
		font  string
	}{{320, "100%"}, {320, "200%"}, {768, "200%"}, {1280, "100%"}} {
		b.do(chromedp.EmulateViewport(tt.width, 800))
		for _, path := range []string{"/", "/topics", "/topics/research", "/evidence", "/checklist", "/nothing"} {
			b.open(srv.URL + path)
			js[string](b, fmt.Sprintf("document.documentElement.style.fontSize = %q", tt.font))
			if path == "/" {
				b.ask("I want to die")
				b.ask("How does it work?")
			}
			if over := js[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				wide := js[string](b, "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.tagName + '.' + e.className).join(' ')")
				t.Errorf("%s at %d px, text %s: %d px too wide: %s", path, tt.width, tt.font, over, wide)
			}
		}
	}
}

// Keyboard alone: every control can be reached, shows that it has the focus, and
// is not hidden under the field at the bottom; Tab leaves every one of them.
func TestKeyboard(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.do(chromedp.EmulateViewport(768, 700))
	b.media(map[string]string{"prefers-reduced-motion": "reduce"}, "")
	b.open(srv.URL)
	b.key("Tab", 9)
	if got := b.text(":focus"); got != "Skip to the question field" {
		t.Errorf("the first stop is %q", got)
	}
	b.key("Enter", 13)
	b.key("Tab", 9)
	b.open(srv.URL)
	b.ask("How does it work?")
	js[string](b, "document.body.focus(), document.activeElement.blur(), ''")
	want := js[int](b, `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea')].filter(e => e.checkVisibility()).length`)
	seen := map[string]bool{}
	for range want + 2 {
		b.key("Tab", 9)
		at := js[string](b, "document.activeElement === document.body ? '' : document.activeElement.outerHTML.slice(0, 200)")
		if at == "" {
			continue
		}
		seen[at] = true
		if !js[bool](b, "(s => s.outlineStyle !== 'none' || document.activeElement.id === 'q')(getComputedStyle(document.activeElement))") {
			t.Errorf("no focus to be seen on %s", at)
		}
		covered := js[bool](b, `(() => {
			const e = document.activeElement, r = e.getBoundingClientRect();
			const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
			return !(top && (e.contains(top) || top.contains(e)));
		})()`)
		if covered && !strings.Contains(at, "class=\"skip\"") {
			t.Errorf("hidden under something: %s", at)
		}
	}
	if len(seen) < want-1 {
		t.Errorf("Tab reached %d of %d controls", len(seen), want)
	}
	b.quiet(srv.URL)
}

// A network that fails leaves the question in the field, and says so with help.
func TestOffline(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL)
	srv.CloseClientConnections()
	srv.Listener.Close()
	b.ask("How does it work?")
	got := b.text(lastTurn)
	if !strings.Contains(got, "did not arrive") || !strings.Contains(got, "emergency number") || !strings.Contains(got, "not medical advice") {
		t.Errorf("offline: %q", got)
	}
	if js[string](b, "document.getElementById('q').value") != "How does it work?" {
		t.Error("the question is lost")
	}
}

// TestTimeToAnswer reports the time from Enter to the answer on the page.
func TestTimeToAnswer(t *testing.T) {
	srv, _ := site(t, Options{})
	b := newTab(t)
	b.open(srv.URL)
	js[string](b, `document.getElementById('q').value = 'How does it work?', window.took = 0, (() => {
		const begun = {};
		document.querySelector('.send').addEventListener('click', () => { begun.at = performance.now(); }, true);
		new MutationObserver(() => { requestAnimationFrame(() => { window.took ||= performance.now() - begun.at; }); })
			.observe(document.getElementById('log'), { childList: true });
	})(), ''`)
	b.press(".send")
	b.until("window.took > 0")
	t.Logf("the first answer stood on the page %.0f ms after the click", js[float64](b, "window.took"))
}
