package web

import (
	"net/http"
	"slices"
	"strings"

	"kapbot/bot"
)

func (s *Server) getTopics(w http.ResponseWriter, r *http.Request) {
	v := s.view(r, "topics", s.bot.Words().Page.AllTopics)
	s.draw(w, r, http.StatusOK, "topics", "layout.html", v)
}

// getTopic is a topic on a page of its own, for reading, printing, linking and
// search engines.
func (s *Server) getTopic(w http.ResponseWriter, r *http.Request) {
	reply, ok := s.bot.Show(r.PathValue("id"))
	if !ok {
		s.refuse(w, r, problemNotFound)
		return
	}
	v := s.view(r, "topics", reply.Heading())
	shown := s.viewReply(reply, 2)
	shown.Sections = withoutHeading(shown.Sections, reply.Heading())
	shown.Rate = s.rateable(reply)
	shown.Links = true
	v.Reply = &shown
	v.FAQ = newFAQ(reply)
	w.Header().Set("Cache-Control", "no-cache")
	s.draw(w, r, http.StatusOK, "topic", "layout.html", v)
}

func (s *Server) getChecklist(w http.ResponseWriter, r *http.Request) {
	v := s.view(r, "checklist", s.bot.Words().Labels.Checklist)
	shown := s.viewReply(s.bot.Checklist(), 2)
	shown.Links = true
	v.Reply = &shown
	s.draw(w, r, http.StatusOK, "checklist", "layout.html", v)
}

func (s *Server) getEvidence(w http.ResponseWriter, r *http.Request) { s.drawEvidence(w, r, "") }

// postEvidence shows the studies on one condition. It is a form, so that the
// condition stands in no address and no history.
func (s *Server) postEvidence(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		s.refuse(w, r, problemBody)
		return
	}
	condition := r.PostForm.Get("condition")
	if !slices.Contains(s.bot.Conditions(), condition) {
		condition = ""
	}
	s.drawEvidence(w, r, condition)
}

func (s *Server) drawEvidence(w http.ResponseWriter, r *http.Request, condition string) {
	v := s.view(r, "evidence", s.bot.Words().Labels.Evidence)
	v.Picks, v.Picked = s.bot.Conditions(), condition
	shown := s.viewReply(s.bot.Evidence(condition), 2)
	shown.Links = true
	v.Reply = &shown
	s.draw(w, r, http.StatusOK, "evidence", "layout.html", v)
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, problemNotFound) }

// errorPage tells a person what is wrong, with the disclaimer and a way on.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, p problem) {
	v := s.view(r, "", "")
	v.Canonical = ""
	v.Status = p.words(v.Words)
	if wantsFragment(r) {
		s.draw(w, r, p.status, "error", "fragment", v)
		return
	}
	s.draw(w, r, p.status, "error", "layout.html", v)
}

// withoutHeading drops the block that the page shows as its title already.
func withoutHeading(all []section, heading string) []section {
	var left []section
	for _, s := range all {
		s.Blocks = slices.DeleteFunc(slices.Clone(s.Blocks), func(b bot.Block) bool {
			return b.Kind == bot.Heading && b.Text() == heading
		})
		if len(s.Blocks) > 0 {
			left = append(left, s)
		}
	}
	return left
}

// faqPage is the schema.org description of a topic's page
// (https://schema.org/FAQPage).
type faqPage struct {
	Context string    `json:"@context"`
	Type    string    `json:"@type"`
	Main    []faqItem `json:"mainEntity"`
}

type faqItem struct {
	Type   string    `json:"@type"`
	Name   string    `json:"name"`
	Answer faqAnswer `json:"acceptedAnswer"`
}

type faqAnswer struct {
	Type string `json:"@type"`
	Text string `json:"text"`
}

// newFAQ describes a topic: its question, and the document's words with the
// disclaimer after them, because a search engine may show them alone.
func newFAQ(r bot.Reply) *faqPage {
	var parts []string
	for _, b := range r.Blocks() {
		if b.Kind != bot.Heading {
			parts = append(parts, b.Text())
		}
	}
	parts = append(parts, r.Disclaimer())
	return &faqPage{
		Context: "https://schema.org", Type: "FAQPage",
		Main: []faqItem{{
			Type: "Question", Name: r.Heading(),
			Answer: faqAnswer{Type: "Answer", Text: strings.Join(parts, "\n\n")},
		}},
	}
}
