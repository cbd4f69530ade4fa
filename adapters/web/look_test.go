package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kapbot/adapters/web/webtest"
)

// TestLook writes screenshots at three widths, light and dark, for a person to
// look at: go test ./adapters/web -run TestLook -shots /some/folder
func TestLook(t *testing.T) {
	if !webtest.Shooting() {
		t.Skip("run with -shots FOLDER to get screenshots")
	}
	srv, _ := site(t, Options{})
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 768, 1280} {
			b := webtest.NewTab(t)
			b.Do(chromedp.EmulateViewport(width, 800))
			b.Media(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}, "")
			name := func(state string) string { return fmt.Sprintf("%s-%d-%s", state, width, scheme) }
			b.Open(srv.URL)
			b.View(name("1home"))
			b.Ask("How does it work?")
			b.View(name("2answer"))
			b.Shot(name("2answer-full"))
			b.Ask("what does it cost?")
			b.View(name("3notcovered"))
			b.Do(chromedp.SendKeys(chromedp.CSS("#q"), "choosing provider research"))
			b.View(name("4suggest"))
			webtest.JS[string](b, "document.getElementById('q').value = ''")
			b.Ask("I want to die")
			b.View(name("5crisis"))
			b.Ask("who may benefit?")
			b.View(name("6after"))
			for _, path := range []string{"checklist", "evidence", "topics", "topics/research", "nothing"} {
				b.Open(srv.URL + "/" + path)
				b.Shot(name("7" + strings.ReplaceAll(path, "/", "-")))
			}
		}
	}
}
