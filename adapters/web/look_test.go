package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLook writes screenshots at three widths, light and dark, for a person to
// look at: go test ./adapters/web -run TestLook -shots /some/folder
func TestLook(t *testing.T) {
	if *shots == "" {
		t.Skip("run with -shots FOLDER to get screenshots")
	}
	srv, _ := site(t, Options{})
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 768, 1280} {
			b := newTab(t)
			b.do(chromedp.EmulateViewport(width, 800))
			b.media(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}, "")
			name := func(state string) string { return fmt.Sprintf("%s-%d-%s", state, width, scheme) }
			b.open(srv.URL)
			b.view(name("1home"))
			b.ask("How does it work?")
			b.view(name("2answer"))
			b.shot(name("2answer-full"))
			b.ask("what does it cost?")
			b.view(name("3notcovered"))
			b.do(chromedp.SendKeys(chromedp.CSS("#q"), "choosing provider research"))
			b.view(name("4suggest"))
			js[string](b, "document.getElementById('q').value = ''")
			b.ask("I want to die")
			b.view(name("5crisis"))
			b.ask("who may benefit?")
			b.view(name("6after"))
			for _, path := range []string{"checklist", "evidence", "topics", "topics/research", "nothing"} {
				b.open(srv.URL + "/" + path)
				b.shot(name("7" + strings.ReplaceAll(path, "/", "-")))
			}
		}
	}
}
