package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kapbot/adapters/web/webtest"
)

// clinic is another site's page that embeds the bot, under a strict policy.
func clinic(t *testing.T) (srv *httptest.Server, embed func(bot string)) {
	t.Helper()
	var home string
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src %s; frame-src %s", home, home))
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Clinic</title><h1>Clinic</h1><script src="%[1]s/embed.js" async></script></html>`, home)
	}))
	t.Cleanup(srv.Close)
	return srv, func(bot string) { home = bot }
}

const shadow = "document.querySelector('kapbot-button').shadowRoot"

// One line puts the bot on another site's page: the focus goes in and comes
// back, Esc closes, and the host's policy has nothing to complain about.
func TestEmbedAllowed(t *testing.T) {
	host, embed := clinic(t)
	srv, _ := site(t, Options{Origins: []string{host.URL}})
	embed(srv.URL)
	b := webtest.NewTab(t)
	b.Open(host.URL)
	b.Until("document.querySelector('kapbot-button')")
	webtest.JS[string](b, shadow+".querySelector('.open').focus(), ''")
	webtest.JS[string](b, shadow+".querySelector('.open').click(), ''")
	b.Until(shadow + ".querySelector('dialog').open && " + shadow + ".activeElement?.tagName === 'IFRAME'")
	in := func(what, expression string) {
		t.Helper()
		b.Eventually(what, func() bool { return b.InFrame(srv.URL, expression) })
	}
	in("the frame is ready", "document.readyState === 'complete' && document.hasFocus()")
	b.View("8embed")
	// The focus is in the frame: Tab finds the link to the field, and the field
	// takes a question.
	b.Key("Tab", 9)
	in("the first stop is the link to the field", "document.activeElement.className === 'skip'")
	b.Key("Enter", 13)
	in("the field has the focus", "document.activeElement.id === 'q'")
	b.Do(chromedp.KeyEvent("How does it work?"))
	b.Key("Enter", 13)
	in("the answer is there", "document.querySelector('#log .answer')")
	b.View("8embed-answer")
	b.Key("Escape", 27)
	b.Until("!" + shadow + ".querySelector('dialog').open && " + shadow + ".activeElement?.className === 'open'")
	b.Quiet(host.URL, srv.URL)
}

// Esc closes from within the frame also where the browser runs it in a process
// of its own, because the clinic is another site.
func TestEmbedEscAcrossSites(t *testing.T) {
	host, embed := clinic(t)
	away := strings.Replace(host.URL, "127.0.0.1", "localhost", 1)
	srv, _ := site(t, Options{Origins: []string{away}})
	embed(srv.URL)
	b := webtest.NewTab(t)
	b.Open(away)
	b.Until("document.querySelector('kapbot-button')")
	webtest.JS[string](b, shadow+".querySelector('.open').click(), ''")
	f := b.Frame(srv.URL)
	f.Until("document.readyState === 'complete' && document.hasFocus()")
	f.Key("Escape", 27)
	b.Until("!" + shadow + ".querySelector('dialog').open && " + shadow + ".activeElement?.className === 'open'")
}

// A site that is not listed is told why, and its frame stays empty.
func TestEmbedRefused(t *testing.T) {
	host, embed := clinic(t)
	srv, _ := site(t, Options{Origins: []string{"https://clinic.example.org"}})
	embed(srv.URL)
	b := webtest.NewTab(t)
	b.Open(host.URL)
	b.Until("document.readyState === 'complete'")
	if webtest.JS[bool](b, "!!document.querySelector('kapbot-button')") {
		t.Error("the button is there")
	}
	faults := strings.Join(b.Faults(), "\n")
	if !strings.Contains(faults, "Add it to origins under [web]") {
		t.Errorf("the page's author is not told why: %s", faults)
	}
	// Whoever frames the page without the script is stopped by the browser.
	webtest.JS[string](b, fmt.Sprintf("(() => { const f = document.createElement('iframe'); f.src = %q; document.body.append(f); })(), ''", srv.URL))
	b.Until("document.querySelector('iframe')")
	if webtest.JS[bool](b, "(() => { try { return !!document.querySelector('iframe').contentDocument.querySelector('#q'); } catch { return false; } })()") {
		t.Error("the page was framed")
	}
}
