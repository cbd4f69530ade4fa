package web

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the accessibility checker that is put into the page.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("testdata/npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(t, "axe-core", "(cd adapters/web/testdata/npm && npm ci)")
	}
	return string(script)
}

// wcag runs axe on the page as it stands and reports what breaks WCAG 2.2 A or AA.
func (b *tab) wcag(script, state string) {
	b.Helper()
	js[string](b, script+"; ''")
	found := js[[]string](b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))`)
	for _, v := range found {
		b.Errorf("%s: %s", state, v)
	}
}

// Nothing of WCAG 2.2 A or AA is broken, in any state, light or dark.
func TestAccessible(t *testing.T) {
	script := axe(t)
	srv, _ := site(t, Options{})
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := newTab(t)
			b.media(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}, "")
			b.open(srv.URL)
			b.wcag(script, "home")
			b.ask("How does it work?")
			b.wcag(script, "answer")
			b.click(lastTurn + " .rating button:nth-of-type(2)")
			b.until("document.querySelector('" + lastTurn + " .thanks')")
			b.wcag(script, "rated")
			b.ask("what does it cost?")
			b.do(chromedp.SendKeys(chromedp.CSS("#q"), "choose a prov"))
			b.until("document.querySelector('#suggest .chip')")
			b.wcag(script, "topics while typing")
			b.ask("how much should I take to not wake up")
			b.wcag(script, "crisis")
			b.ask("he is not breathing and won't wake up")
			b.wcag(script, "emergency")
			b.ask("How do I choose a provider?")
			b.wcag(script, "help that stays")
			for _, path := range []string{"/topics", "/topics/research", "/topics/study-chronic-pain", "/evidence", "/checklist", "/nothing"} {
				b.open(srv.URL + path)
				b.wcag(script, path)
			}
			b.do(chromedp.EmulateViewport(320, 600))
			b.open(srv.URL)
			b.ask("I want to die")
			b.ask("who may benefit?")
			b.wcag(script, "narrow")
		})
	}
}
