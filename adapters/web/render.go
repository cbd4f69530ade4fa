package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"kapbot/bot"
	"kapbot/bot/engine"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates: one set per page, each with the layout and
// the reply.
type pages struct {
	byName map[string]*template.Template
}

func parsePages(a *assets) (*pages, error) {
	funcs := template.FuncMap{
		"asset": a.path, "kind": kindName, "dial": dial, "nav": newNavView, "in": newItemView, "reasons": reasons, "view": viewSpans,
		"mostStanding": func() int { return mostStanding },
	}
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range []string{"chat", "topic", "topics", "evidence", "checklist", "error"} {
		t, err := template.New("layout.html").Funcs(funcs).ParseFS(templateFiles,
			"templates/layout.html", "templates/reply.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("web: parse page %s: %w", name, err)
		}
		p.byName[name] = t
	}
	return p, nil
}

// pageView is what every page has.
type pageView struct {
	Words     *bot.Words
	Title     string // of this page, before the title of the site; may be ""
	Nav       string // which entry of the navigation this is
	Canonical string
	// Token is the sealed conversation.
	Token string
	// Urgent is the help that stays on top of the page, or nil.
	Urgent *replyView
	// Status is the sentence of an error page.
	Status string

	// Begun says that a question was asked: topics to start from are not shown.
	Begun    bool
	Turns    []turnView
	Seen     []bot.Topic
	Topics   []bot.Topic
	Reply    *replyView // of a page that is not a conversation
	FAQ      *faqPage
	Picks    []string // conditions of the evidence page
	Picked   string
	Failure  replyView // what the script shows when the network fails
	Revision string
	Privacy  string
}

// navView is an entry of the navigation.
type navView struct {
	Path, Text string
	Here       bool
}

func newNavView(path, text string, here bool) navView { return navView{path, text, here} }

// itemView is a part of a reply together with the reply.
type itemView struct {
	View replyView
	Item any
}

func newItemView(v replyView, item any) itemView { return itemView{v, item} }

// reasonView is a reason why an answer did not help, to choose.
type reasonView struct{ ID, Text string }

func reasons(w *bot.Words) []reasonView {
	var all []reasonView
	for _, id := range engine.Reasons() {
		if text := w.Labels.Reasons[string(id)]; text != "" {
			all = append(all, reasonView{string(id), text})
		}
	}
	return all
}

// turnView is a question and its reply.
type turnView struct {
	Asked string
	Reply replyView
}

// draw executes template name of page and sends it whole, or not at all.
func (s *Server) draw(w http.ResponseWriter, r *http.Request, status int, page, name string, v pageView) {
	var b bytes.Buffer
	if err := s.pages.byName[page].ExecuteTemplate(&b, name, v); err != nil {
		s.o.Log.Error("a page could not be drawn", "page", page) // the cause may quote what someone typed
		http.Error(w, s.bot.Words().Failure+"\n\n"+s.bot.Words().Disclaimer, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client may be gone
}

// view begins the page that r asks for.
func (s *Server) view(r *http.Request, nav, title string) pageView {
	privacy := s.bot.Words().Page.Privacy
	if s.o.KeepsUnanswered {
		privacy = s.bot.Words().Page.PrivacyKept
	}
	return pageView{
		Words: s.bot.Words(), Nav: nav, Title: title, Topics: s.bot.Topics(),
		Canonical: s.address(r) + r.URL.EscapedPath(),
		Failure:   s.viewReply(s.bot.Failure(), 3), Revision: s.bot.Revision(), Privacy: privacy,
	}
}

// address is scheme and host of the page as people write it.
func (s *Server) address(r *http.Request) string {
	switch {
	case s.o.URL != "":
		return s.o.URL
	case secure(r, s.o.Proxies):
		return "https://" + r.Host
	default:
		return "http://" + r.Host
	}
}
