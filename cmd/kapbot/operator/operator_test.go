package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kapbot/adapters/web/webtest"
	"kapbot/bot"
	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/ops"
)

func TestMain(m *testing.M) {
	code := m.Run()
	webtest.Stop()
	os.Exit(code)
}

var now = time.Date(2026, 11, 24, 12, 30, 0, 0, time.UTC)

// fixed is a store with the counts of a small clinic's month.
type fixed struct{ err error }

func (f fixed) Report(_ context.Context, since, until time.Time) (engine.Report, error) {
	var r engine.Report
	for at := until.Add(-time.Hour); at.After(since); at = at.Add(-6 * time.Hour) {
		n := int64(at.YearDay()%5 + at.Hour()%7)
		r.Counts = append(r.Counts,
			engine.Count{Hour: at, Adapter: "web", Kind: bot.Answer, Topic: "how-it-works", N: n + 2},
			engine.Count{Hour: at, Adapter: "slack", Kind: bot.Answer, Topic: "choosing-a-provider", N: n},
			engine.Count{Hour: at, Adapter: "discord", Kind: bot.NotCovered, Topic: "cost", N: n + 1},
			engine.Count{Hour: at, Adapter: "discord", Kind: bot.NotCovered, Topic: "insurance", N: n / 2},
			engine.Count{Hour: at, Adapter: "web", Kind: bot.Clarify, N: 1},
			engine.Count{Hour: at, Adapter: "web", Kind: bot.Redirect, N: n / 4},
			engine.Count{Hour: at, Adapter: "web", Kind: bot.Crisis, N: n / 9})
	}
	r.Ratings = []engine.RatingCount{
		{Hour: since, Topic: "how-it-works", Helpful: true, N: 31}, {Hour: since, Topic: "how-it-works", Reason: engine.TooLong, N: 4},
		{Hour: since, Topic: "choosing-a-provider", Helpful: true, N: 12}, {Hour: since, Topic: "choosing-a-provider", N: 2},
	}
	r.Unanswered = []engine.Wording{{Text: `does my plan pay <script>alert(1)</script>?`, N: 3, Last: until}}
	return r, f.err
}

func health() ops.Report {
	return ops.Report{State: ops.Serving, Ready: true, Troubles: []ops.Trouble{
		{Part: "adapter discord", Reason: "the token was refused: make a new one in the developer portal", Since: now.Add(-time.Hour)},
	}}
}

func latency() []ops.Latency {
	return []ops.Latency{
		{Adapter: "slack", Buckets: []ops.Bucket{{UpTo: .001, N: 3}, {UpTo: .1, N: 40}, {UpTo: 1, N: 12}, {UpTo: -1, N: 1}}},
		{Adapter: "web", Buckets: []ops.Bucket{{UpTo: .001, N: 120}, {UpTo: .1, N: 4}, {UpTo: 1, N: 0}, {UpTo: -1, N: 0}}},
	}
}

func newPage(t *testing.T, o Options) *Page {
	t.Helper()
	if o.Store == nil {
		o.Store = fixed{}
	}
	o.Health = health
	o.Adapters = func() []string { return []string{"discord", "slack", "web"} }
	o.Latency = latency
	o.Topics = func() []bot.Topic {
		return []bot.Topic{{ID: "how-it-works", Question: "How does it work, and does it help?"}}
	}
	o.Now = func() time.Time { return now }
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(t *testing.T, h http.Handler, path string) (*http.Response, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	b, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Result(), string(b)
}

// Each chart is there with its table, and the adapters with their reasons.
func TestPage(t *testing.T) {
	_, page := get(t, newPage(t, Options{}), "/?days=7")
	if n := strings.Count(page, `<svg role="img" aria-label="`); n != 5 {
		t.Errorf("%d charts, want 5", n)
	}
	if n := strings.Count(page, "<details>"); n != 5 {
		t.Errorf("%d tables, want 5", n)
	}
	for _, want := range []string{
		"How does it work, and does it help?", "the token was refused", `href="/draft.md?days=7"`, "kapbot insights --since 7d", "100 ms", ">cost<",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(page, "style=") || strings.Contains(page, "<script") {
		t.Error("the page has inline style or script")
	}
}

// A name with markup in it stays a name, in the drawing and in the table.
func TestHostileNames(t *testing.T) {
	svg, err := bars(`"><b>title`, []string{`<script>alert(1)</script>`, `" style="x`}, []named{{`<i>`, []int64{1, 2}}, {"b", []int64{1, 0}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<i>", "<b>", `style=`} {
		if strings.Contains(string(svg), bad) && bad != "style=" {
			t.Errorf("%s is in the drawing", bad)
		}
	}
	if _, page := get(t, newPage(t, Options{}), "/"); strings.Contains(page, "<script") {
		t.Error("a wording became markup")
	}
}

// The axis of values is marked in whole, round numbers.
func TestTop(t *testing.T) {
	for tallest, want := range map[int64]int64{0: 5, 1: 5, 5: 5, 6: 10, 24: 25, 26: 30, 130: 150, 3018: 4000} {
		if got := top([]named{{"a", []int64{0, tallest / 2}}, {"b", []int64{0, tallest - tallest/2}}}); got != want {
			t.Errorf("tallest bar %d: the axis ends at %d, want %d", tallest, got, want)
		}
	}
}

func TestDraft(t *testing.T) {
	res, draft := get(t, newPage(t, Options{}), "/draft.md?days=7")
	if !strings.Contains(draft, "{#cost}") || res.Header.Get("Content-Type") != "text/markdown; charset=utf-8" {
		t.Errorf("draft: %s", draft)
	}
}

// A store that is away costs the charts, not the page.
func TestStoreAway(t *testing.T) {
	p := newPage(t, Options{Store: fixed{errors.New("disk full")}})
	if res, page := get(t, p, "/"); res.StatusCode != 200 || !strings.Contains(page, "The counts cannot be read now") || !strings.Contains(page, "the token was refused") {
		t.Errorf("status %d:\n%s", res.StatusCode, page)
	}
	if res, _ := get(t, p, "/draft.md"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("draft: status %d", res.StatusCode)
	}
}

// In a real browser: nothing to complain of, nothing loaded from elsewhere,
// nothing of WCAG 2.2 A or AA broken, at three widths, light and dark.
func TestInBrowser(t *testing.T) {
	script := webtest.Axe(t)
	srv := httptest.NewServer(newPage(t, Options{}))
	t.Cleanup(srv.Close)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 768, 1280} {
			b := webtest.NewTab(t)
			b.Do(chromedp.EmulateViewport(width, 800))
			b.Media(map[string]string{"prefers-color-scheme": scheme}, "")
			b.Open(srv.URL)
			b.WCAG(script, fmt.Sprintf("%s %d", scheme, width))
			b.Shot(fmt.Sprintf("9operator-%d-%s", width, scheme))
			webtest.JS[string](b, "document.querySelectorAll('details').forEach(d => d.open = true), ''")
			b.WCAG(script, fmt.Sprintf("%s %d, tables open", scheme, width))
			if over := webtest.JS[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%d px too wide at %d", over, width)
			}
			b.Quiet(srv.URL)
		}
	}
}
