package operator

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
	"kapbot/cmd/kapbot/insights"
	"kapbot/cmd/kapbot/ops"
)

// Reporter has the numbers. An engine.Store is one.
type Reporter interface {
	Report(ctx context.Context, since, until time.Time) (engine.Report, error)
}

// Options are what the page shows. Store and Health are required.
type Options struct {
	Store    Reporter
	Health   func() ops.Report
	Adapters func() []string      // the adapters that are configured; default none
	Latency  func() []ops.Latency // since the start of the process; default none
	Topics   func() []bot.Topic   // for the questions behind the ids; default none
	Now      func() time.Time     // default time.Now
	Log      *slog.Logger         // default: nothing
}

//go:embed assets
var files embed.FS

// Page serves the operator's page. Make one with New.
type Page struct {
	o        Options
	template *template.Template
	mux      *http.ServeMux
}

// New returns the page.
func New(o Options) (*Page, error) {
	if o.Adapters == nil {
		o.Adapters = func() []string { return nil }
	}
	if o.Latency == nil {
		o.Latency = func() []ops.Latency { return nil }
	}
	if o.Topics == nil {
		o.Topics = func() []bot.Topic { return nil }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t, err := template.ParseFS(files, "assets/page.html")
	if err != nil {
		return nil, fmt.Errorf("parse operator's page: %w", err)
	}
	p := &Page{o: o, template: t, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /draft.md", p.draft)
	p.mux.HandleFunc("GET /operator.css", file("operator.css", "text/css; charset=utf-8"))
	p.mux.HandleFunc("GET /icon.svg", file("icon.svg", "image/svg+xml"))
	return p, nil
}

// contentPolicy lets the page load its own style sheet and icon.
const contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP serves the page, its style sheet and the draft.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

// choices are the times that can be looked at, in days.
var choices = []int{1, 7, 30, 90, 365}

const defaultDays = 30

// days reads how many days back a request wants to look.
func days(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("days"))
	if err != nil || n < 1 || n > choices[len(choices)-1] {
		return defaultDays
	}
	return n
}

// summary reads the numbers of the last n days.
func (p *Page) summary(ctx context.Context, n int) (insights.Summary, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	until := p.o.Now().UTC().Truncate(time.Hour).Add(time.Hour)
	since := until.Add(-time.Duration(n) * 24 * time.Hour)
	r, err := p.o.Store.Report(ctx, since, until)
	if err != nil {
		return insights.Summary{}, fmt.Errorf("read the counts: %w", err)
	}
	return insights.Summarize(r, since, until), nil
}

func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	v := view{Days: days(r), Choices: choices, Health: p.o.Health(), Now: p.o.Now().UTC()}
	v.Adapters = adapterStates(p.o.Adapters(), v.Health)
	s, err := p.summary(r.Context(), v.Days)
	if err != nil {
		p.o.Log.Warn("operator's page", "err", err)
		v.Missing = "The counts cannot be read now. The bot goes on answering; see the health above and the log."
	}
	if err == nil {
		if v.Charts, err = p.charts(s); err != nil {
			p.o.Log.Error("operator's page", "err", err)
			http.Error(w, "The charts could not be drawn; see the log. `kapbot insights` has the same numbers.", http.StatusInternalServerError)
			return
		}
		v.Summary = s
	}
	var b bytes.Buffer
	if err := p.template.Execute(&b, v); err != nil {
		p.o.Log.Error("operator's page", "err", err)
		http.Error(w, "The page could not be drawn; see the log. `kapbot insights` has the same numbers.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the browser may be gone
}

// draft is the beginning of a document on what is asked and not covered.
func (p *Page) draft(w http.ResponseWriter, r *http.Request) {
	s, err := p.summary(r.Context(), days(r))
	if err != nil {
		p.o.Log.Warn("operator's draft", "err", err)
		http.Error(w, "The counts cannot be read now; see the log.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="draft.md"`)
	_ = s.WriteDraft(w, p.o.Now()) // the browser may be gone
}

// file serves an embedded file.
func file(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		http.ServeFileFS(w, r, files, "assets/"+name)
	}
}
