package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"kapbot/adapters/web/webtest"
	"kapbot/bot"
)

// What a person does on the page, in a real browser.
func TestStory(t *testing.T) {
	srv, kept := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)

	b.Ask("How does it work?")
	if got := b.Text(webtest.LastTurn); !strings.Contains(got, "glutamate") || !strings.Contains(got, "not medical advice") {
		t.Errorf("the answer or its disclaimer is missing:\n%s", got)
	}
	if marked := b.Text(webtest.LastTurn + " mark"); !strings.HasPrefix(marked, "Ketamine works by") {
		t.Errorf("marked: %q", marked)
	}
	if webtest.JS[string](b, "document.activeElement.id") != "q" {
		t.Error("the focus has left the question field")
	}
	if webtest.JS[string](b, "document.getElementById('q').value") != "" {
		t.Error("the question still stands in the field")
	}

	b.Press(webtest.LastTurn + " .related .chip")
	if webtest.JS[bool](b, "!document.activeElement.matches('"+webtest.LastTurn+"')") {
		t.Error("after a button the focus is not on the new answer")
	}

	b.Click(webtest.LastTurn + " .rating button:nth-of-type(2)")
	b.Until("document.querySelector('" + webtest.LastTurn + " .thanks .rating')")
	b.Click(webtest.LastTurn + " .thanks .rating button")
	b.Until("!document.querySelector('" + webtest.LastTurn + " .rating')")
	if all := kept.all(); len(all) != 1 || all[0].Helpful || all[0].Reason == "" {
		t.Errorf("ratings kept: %+v", all)
	}
	b.Quiet(srv.URL)
}

// vague is a question to which the bot asks back. Which one that is changes with
// what it has learnt.
func vague(t *testing.T) string {
	t.Helper()
	for _, q := range []string{
		"How does KAP work?", "ok who can I ask", "is it legit", "what should I know", "review what happens", "therapy effects", "what is it who gets it", "who gets it",
		"long term", "how", "kap provider", "KAP", "therapy", "help with ketamine", "benefits", "results", "treatment", "patients", "sessions",
	} {
		if r, _ := newBot(t).Reply(t.Context(), bot.Message{Text: q, Direct: true}, bot.Conversation{}); r.Kind() == bot.Clarify {
			return q
		}
	}
	t.Fatal("the bot asks back to none of these; find a vaguer one")
	return ""
}

func TestDidYouMean(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)
	b.Ask(vague(t))
	if n := webtest.JS[int](b, "document.querySelectorAll('"+webtest.LastTurn+" .clarify .chip').length"); n < 2 {
		t.Fatalf("%d choices", n)
	}
	choice := b.Text(webtest.LastTurn + " .chip")
	b.Press(webtest.LastTurn + " .chip")
	if got := b.Text(webtest.LastTurn + " .asked"); !strings.Contains(got, choice) {
		t.Errorf("picked %q, and the page says %q", choice, got)
	}
	b.Quiet(srv.URL)
}

func TestTopicsWhileTyping(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)
	before := b.Asked()
	b.Do(chromedp.SendKeys(chromedp.CSS("#q"), "choose a prov"))
	b.Until("document.querySelector('#suggest .chip')")
	if got := b.Text("#suggest .chip"); got != "How do I choose a provider?" {
		t.Errorf("offered: %q", got)
	}
	if b.Asked() != before {
		t.Error("typing sent a request")
	}
	b.Press("#suggest .chip")
	if !strings.Contains(b.Text(webtest.LastTurn), "Licensed medical prescriber") {
		t.Error("the topic was not shown")
	}
	b.Quiet(srv.URL)
}

// Help comes first, large, with numbers to tap, and the next answer leaves it in sight.
func TestCrisisStays(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Do(chromedp.EmulateViewport(360, 740))
	b.Open(srv.URL)
	b.Ask("I want to die")
	links := webtest.JS[[]string](b, "[...document.querySelectorAll('"+webtest.LastTurn+" .way')].map(a => a.href)")
	if len(links) < 2 || links[0] != "tel:988" || links[1] != "sms:988" {
		t.Errorf("links: %v", links)
	}
	if webtest.JS[string](b, "document.querySelector('"+webtest.LastTurn+" .reply').getAttribute('role')") != "alert" {
		t.Error("the reply is not announced at once")
	}
	if !webtest.JS[bool](b, "getComputedStyle(document.querySelector('"+webtest.LastTurn+" .way')).fontSize.slice(0, -2) >= 18") {
		t.Error("the number is not large")
	}
	b.Ask("who may benefit?")
	b.Until("document.querySelector('#standing .way').getBoundingClientRect().top >= 0")
	if !webtest.JS[bool](b, "(r => r.bottom > 0 && r.bottom < innerHeight)(document.querySelector('#standing .way').getBoundingClientRect())") {
		t.Error("the number is out of sight")
	}
	if webtest.JS[bool](b, "document.querySelector('"+webtest.LastTurn+" .asked').getBoundingClientRect().top < document.querySelector('#standing').getBoundingClientRect().bottom") {
		t.Error("help covers the new question")
	}
	if !webtest.JS[bool](b, "!!document.querySelector('#log .crisis')") {
		t.Error("the crisis reply was cleared")
	}
	b.Quiet(srv.URL)
}

func TestChecklistAndPrint(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL + "/checklist")
	items := webtest.JS[int](b, "document.querySelectorAll('.checklist input').length")
	before := b.Asked()
	b.Click(".checklist li:first-child label")
	if n := webtest.JS[int](b, "document.querySelectorAll('#missing li').length"); n != items-1 {
		t.Errorf("%d of %d items are left to ask about", n, items)
	}
	webtest.JS[string](b, "document.querySelectorAll('.checklist input:not(:checked)').forEach(i => i.click()), ''")
	if got := b.Text("#missing"); !strings.HasPrefix(got, "Everything on the list is ticked") {
		t.Errorf("all ticked: %q", got)
	}
	if b.Asked() != before {
		t.Error("ticking sent a request")
	}
	for _, path := range []string{"/checklist", "/topics/choosing-a-provider"} {
		b.Open(srv.URL + path)
		pdf, err := chromedp.Call(b.Ctx, page.PrintToPDF, page.PrintToPDFParams{})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(pdf.Data), "/Type /Page\n"); n != 1 {
			t.Errorf("%s prints on %d pages", path, n)
		}
	}
	b.Quiet(srv.URL)
}

func TestWithoutScript(t *testing.T) {
	srv, kept := site(t, Options{})
	b := webtest.NewTab(t)
	b.NoScript()
	b.Open(srv.URL)
	load := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if _, err := chromedp.RunResponse(b.Ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	html := func() string {
		t.Helper()
		html, err := chromedp.Run(b.Ctx, chromedp.OuterHTML(chromedp.CSS("main")))
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
	visible, err := chromedp.Run(b.Ctx, chromedp.OuterHTML(chromedp.ID("standing")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(visible, "tel:988") || strings.Contains(visible, "hidden") {
		t.Errorf("help is gone: %s", visible)
	}
	b.Quiet(srv.URL)
}

// From 320 pixels up, and with text at 200 %, nothing needs scrolling sideways.
func TestNarrowAndLarge(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	for _, tt := range []struct {
		width     int64
		font, dir string
	}{{320, "100%", "ltr"}, {320, "200%", "ltr"}, {320, "100%", "rtl"}, {768, "200%", "ltr"}, {1280, "100%", "rtl"}} {
		b.Do(chromedp.EmulateViewport(tt.width, 800))
		for _, path := range []string{"/", "/topics", "/topics/research", "/evidence", "/checklist", "/nothing"} {
			b.Open(srv.URL + path)
			webtest.JS[string](b, fmt.Sprintf("document.documentElement.dir = %q, document.documentElement.style.fontSize = %q", tt.dir, tt.font))
			if path == "/" {
				b.Ask("I want to die")
				b.Ask("How does it work?")
			}
			if over := webtest.JS[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				wide := webtest.JS[string](b, "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.tagName + '.' + e.className).join(' ')")
				t.Errorf("%s at %d px, text %s, %s: %d px too wide: %s", path, tt.width, tt.font, tt.dir, over, wide)
			}
		}
	}
}

// Keyboard alone: every control can be reached, shows that it has the focus, and
// is not hidden under the field at the bottom; Tab leaves every one of them.
func TestKeyboard(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Do(chromedp.EmulateViewport(768, 700))
	b.Media(map[string]string{"prefers-reduced-motion": "reduce"}, "")
	b.Open(srv.URL)
	b.Key("Tab", 9)
	if got := b.Text(":focus"); got != "Skip to the question field" {
		t.Errorf("the first stop is %q", got)
	}
	b.Key("Enter", 13)
	b.Key("Tab", 9)
	b.Open(srv.URL)
	b.Ask("How does it work?")
	webtest.JS[string](b, "document.body.focus(), document.activeElement.blur(), ''")
	want := webtest.JS[int](b, `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea')].filter(e => e.checkVisibility()).length`)
	seen := map[string]bool{}
	for range want + 2 {
		b.Key("Tab", 9)
		at := webtest.JS[string](b, "document.activeElement === document.body ? '' : document.activeElement.outerHTML.slice(0, 200)")
		if at == "" {
			continue
		}
		seen[at] = true
		if !webtest.JS[bool](b, "(s => s.outlineStyle !== 'none' || document.activeElement.id === 'q')(getComputedStyle(document.activeElement))") {
			t.Errorf("no focus to be seen on %s", at)
		}
		covered := webtest.JS[bool](b, `(() => {
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
	b.Quiet(srv.URL)
}

// A text that is too long is refused, in words, and stays in the field.
func TestTooLong(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)
	webtest.JS[string](b, "document.getElementById('q').value = 'word '.repeat(4000), ''")
	b.Press(".send")
	if got := b.Text(webtest.LastTurn); !strings.Contains(got, "too long for me") || !strings.Contains(got, "emergency number") {
		t.Errorf("said: %q", got)
	}
	if n := webtest.JS[int](b, "document.getElementById('q').value.length"); n != 20000 {
		t.Errorf("%d characters are left in the field", n)
	}
}

// A network that fails leaves the question in the field, and says so with help.
func TestOffline(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)
	srv.CloseClientConnections()
	srv.Listener.Close()
	b.Ask("How does it work?")
	got := b.Text(webtest.LastTurn)
	if !strings.Contains(got, "did not arrive") || !strings.Contains(got, "emergency number") || !strings.Contains(got, "not medical advice") {
		t.Errorf("offline: %q", got)
	}
	if webtest.JS[string](b, "document.getElementById('q').value") != "How does it work?" {
		t.Error("the question is lost")
	}
}

// TestTimeToAnswer reports the time from Enter to the answer on the page.
func TestTimeToAnswer(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	b.Open(srv.URL)
	webtest.JS[string](b, `document.getElementById('q').value = 'How does it work?', window.took = 0, (() => {
		const begun = {};
		document.querySelector('.send').addEventListener('click', () => { begun.at = performance.now(); }, true);
		new MutationObserver(() => { requestAnimationFrame(() => { window.took ||= performance.now() - begun.at; }); })
			.observe(document.getElementById('log'), { childList: true });
	})(), ''`)
	b.Press(".send")
	b.Until("window.took > 0")
	t.Logf("the first answer stood on the page %.0f ms after the click", webtest.JS[float64](b, "window.took"))
}

// Every page is quiet: the policy forbids nothing that is there, the structured
// data of a topic included, and nothing is loaded from elsewhere.
func TestEveryPageIsQuiet(t *testing.T) {
	srv, _ := site(t, Options{})
	b := webtest.NewTab(t)
	for _, topic := range newBot(t).Topics() {
		b.Open(srv.URL + "/topics/" + topic.ID)
		if data := webtest.JS[string](b, `JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent).mainEntity[0].name`); data == "" {
			t.Errorf("%s has no structured data", topic.ID)
		}
	}
	for _, path := range []string{"/", "/topics", "/evidence", "/checklist"} {
		b.Open(srv.URL + path)
	}
	b.Click(".checklist label")
	b.Open(srv.URL + "/evidence")
	if _, err := chromedp.RunResponse(b.Ctx, chromedp.Click(chromedp.CSS("button[name=condition]"))); err != nil {
		t.Fatal(err)
	}
	if url := webtest.JS[string](b, "location.href"); strings.Contains(url, "?") {
		t.Errorf("the condition stands in the address: %s", url)
	}
	b.Quiet(srv.URL)
}
