package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"kapbot/bot"
)

// problem is what can be wrong with a request, with its status, a name that
// does not change, and what a developer should do. What a person is told stands
// in the words file.
type problem struct {
	status int
	name   string
	title  string
	detail string
	words  func(*bot.Words) string
}

var (
	problemTooLarge = problem{http.StatusRequestEntityTooLarge, "too-large", "Body too large",
		"Bodies may have up to 16 KiB. Send one question.", func(w *bot.Words) string { return w.Page.TooLong }}
	problemBusy = problem{http.StatusServiceUnavailable, "busy", "Too many requests in all",
		"Wait for the seconds in Retry-After, then send the request again.", func(w *bot.Words) string { return w.Page.Busy }}
	problemSlowDown = problem{http.StatusTooManyRequests, "slow-down", "Too many requests from one address",
		"Wait for the seconds in Retry-After, then send the request again.", func(w *bot.Words) string { return w.SlowDown }}
	problemFault = problem{http.StatusInternalServerError, "fault", "Internal fault",
		"It was noted. Try again in a moment.", func(w *bot.Words) string { return w.Failure }}
	problemOrigin = problem{http.StatusForbidden, "origin", "Origin not allowed",
		"A page may use this only if the operator lists its origin in [web] origins.", func(w *bot.Words) string { return w.Page.Forbidden }}
	problemNotFound = problem{http.StatusNotFound, "not-found", "Not found",
		"There is nothing at this address. GET /v1/openapi.json lists what there is.", func(w *bot.Words) string { return w.Page.NotFound }}
	problemMethod = problem{http.StatusMethodNotAllowed, "method", "Method not allowed",
		"See the Allow header.", func(w *bot.Words) string { return w.Page.BadRequest }}
	problemType = problem{http.StatusUnsupportedMediaType, "media-type", "Wrong content type",
		"Send Content-Type: application/json.", func(w *bot.Words) string { return w.Page.BadRequest }}
	problemBody = problem{http.StatusBadRequest, "body", "Unreadable body",
		"", func(w *bot.Words) string { return w.Page.BadRequest }}
	problemRatings = problem{http.StatusNotFound, "ratings-off", "Ratings are not kept",
		"This server has no store for ratings.", func(w *bot.Words) string { return w.Page.NotFound }}
	problemTicket = problem{http.StatusUnprocessableEntity, "rating", "Rating not valid",
		"Send the rating token that came with the reply, within its hour.", func(w *bot.Words) string { return w.Page.BadRequest }}
)

// retryAfter is when a client that was turned away may come back, in seconds.
const retryAfter = "5"

// problemDetails is a problem as RFC 9457 writes it. The disclaimer is an
// extension member, because everything that leaves the bot carries it.
type problemDetails struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	Status     int    `json:"status"`
	Detail     string `json:"detail"`
	Text       string `json:"text"`
	Disclaimer string `json:"disclaimer"`
}

// refuse answers with p: as a page for a person, as RFC 9457 for a program.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, p problem) {
	if p.status == http.StatusServiceUnavailable || p.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", retryAfter)
	}
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		s.errorPage(w, r, p)
		return
	}
	words := s.bot.Words()
	body, err := json.Marshal(problemDetails{
		Type: "urn:kapbot:problem:" + p.name, Title: p.title, Status: p.status, Detail: p.detail,
		Text: p.words(words), Disclaimer: words.Disclaimer,
	})
	if err != nil {
		http.Error(w, words.Disclaimer, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	_, _ = w.Write(body) // the client may be gone
}

// because is p with a detail of its own.
func (p problem) because(detail string) problem {
	p.detail = detail
	return p
}
