package web

import (
	"testing"

	"github.com/chromedp/chromedp"

	"kapbot/adapters/web/webtest"
)

// Nothing of WCAG 2.2 A or AA is broken, in any state, light or dark.
func TestAccessible(t *testing.T) {
	script := webtest.Axe(t)
	srv, _ := site(t, Options{})
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := webtest.NewTab(t)
			b.Media(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}, "")
			b.Open(srv.URL)
			b.WCAG(script, "home")
			b.Ask("How does it work?")
			b.WCAG(script, "answer")
			b.Click(webtest.LastTurn + " .rating button:nth-of-type(2)")
			b.Until("document.querySelector('" + webtest.LastTurn + " .thanks')")
			b.WCAG(script, "rated")
			b.Ask("what does it cost?")
			b.Do(chromedp.SendKeys(chromedp.CSS("#q"), "choose a prov"))
			b.Until("document.querySelector('#suggest .chip')")
			b.WCAG(script, "topics while typing")
			b.Ask("how much should I take to not wake up")
			b.WCAG(script, "crisis")
			b.Ask("he is not breathing and won't wake up")
			b.WCAG(script, "emergency")
			b.Ask("How do I choose a provider?")
			b.WCAG(script, "help that stays")
			for _, path := range []string{"/topics", "/topics/research", "/topics/study-chronic-pain", "/evidence", "/checklist", "/nothing"} {
				b.Open(srv.URL + path)
				b.WCAG(script, path)
			}
			b.Do(chromedp.EmulateViewport(320, 600))
			b.Open(srv.URL)
			b.Ask("I want to die")
			b.Ask("who may benefit?")
			b.WCAG(script, "narrow")
		})
	}
}
