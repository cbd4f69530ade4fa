package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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
	b := newTab(t)
	b.open(host.URL)
	b.until("document.querySelector('kapbot-button')")
	js[string](b, shadow+".querySelector('.open').focus(), ''")
	js[string](b, shadow+".querySelector('.open').click(), ''")
	b.until(shadow + ".querySelector('dialog').open && " + shadow + ".activeElement?.tagName === 'IFRAME'")
	b.eventually("the frame loads", func() bool { return b.requested(srv.URL+"/assets/app.") == 2 })
	b.view("8embed")
	// The focus is in the frame: Tab finds the link to the field, and the field
	// takes a question.
	b.key("Tab", 9)
	b.key("Enter", 13)
	b.do(chromedp.KeyEvent("How does it work?"))
	b.eventually("the question is sent", func() bool {
		b.key("Enter", 13)
		return b.requested(srv.URL+"/ask") > 0
	})
	b.view("8embed-answer")
	b.key("Escape", 27)
	b.until("!" + shadow + ".querySelector('dialog').open && " + shadow + ".activeElement?.className === 'open'")
	b.quiet(host.URL, srv.URL)
}

// A site that is not listed is told why, and its frame stays empty.
func TestEmbedRefused(t *testing.T) {
	host, embed := clinic(t)
	srv, _ := site(t, Options{Origins: []string{"https://clinic.example.org"}})
	embed(srv.URL)
	b := newTab(t)
	b.open(host.URL)
	b.until("document.readyState === 'complete'")
	if js[bool](b, "!!document.querySelector('kapbot-button')") {
		t.Error("the button is there")
	}
	b.mu.Lock()
	faults := strings.Join(b.faults, "\n")
	b.mu.Unlock()
	if !strings.Contains(faults, "Add it to origins under [web]") {
		t.Errorf("the page's author is not told why: %s", faults)
	}
	// Whoever frames the page without the script is stopped by the browser.
	js[string](b, fmt.Sprintf("(() => { const f = document.createElement('iframe'); f.src = %q; document.body.append(f); })(), ''", srv.URL))
	b.until("document.querySelector('iframe')")
	if js[bool](b, "(() => { try { return !!document.querySelector('iframe').contentDocument.querySelector('#q'); } catch { return false; } })()") {
		t.Error("the page was framed")
	}
}
