package web

import (
	_ "embed"
	"encoding/json"
	"errors"
	"net/http"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// openAPI describes the API. A test validates it, and compares it with what the
// handlers take and send.
//
//go:embed openapi.json
var openAPI []byte

// question is the body of POST /v1/ask: the batch contract's question, and the
// conversation that it goes on in.
type question struct {
	ID string `json:"id"`
	Q  string `json:"q"`
	// Prior is the question asked before this one. It is read only where there
	// is no conversation.
	Prior        string `json:"prior"`
	Conversation string `json:"conversation"`
	Locale       string `json:"locale"`
}

// answerBody is the batch contract's answer, and what a client sends back.
type answerBody struct {
	bot.Record
	Conversation string `json:"conversation"`
	// Fresh says that the conversation sent could not be gone on with.
	Fresh  bool   `json:"fresh"`
	Rating string `json:"rating"`
}

func (s *Server) apiAsk(w http.ResponseWriter, r *http.Request) {
	var q question
	if !s.readAPI(w, r, &q) {
		return
	}
	if q.Locale == "" {
		q.Locale = locale(r)
	}
	limited := s.limited(r)
	st, err := s.tokens.openState(q.Conversation, s.o.Now())
	if q.Conversation == "" && q.Prior != "" && !limited {
		_, st.Conversation = s.bot.Reply(r.Context(), bot.Message{Text: q.Prior, Direct: true, Locale: q.Locale}, st.Conversation)
	}
	start := s.o.Now()
	reply, st := s.ask(r, q.Q, q.Locale, st, limited)
	if reply.Kind() == bot.SlowDown {
		s.refuse(w, r, problemSlowDown)
		return
	}
	writeJSON(w, answerBody{
		Record:       reply.Record(q.ID, s.o.Now().Sub(start)),
		Conversation: s.tokens.sealState(st, s.o.Now(), s.o.Times.Token),
		Fresh:        err != nil,
		Rating:       s.rateable(reply),
	})
}

// topicList is the body of GET /v1/topics.
type topicList struct {
	Revision   string      `json:"revision"`
	Topics     []bot.Topic `json:"topics"`
	Disclaimer string      `json:"disclaimer"`
}

func (s *Server) apiTopics(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, topicList{
		Revision: s.bot.Revision(), Topics: append([]bot.Topic{}, s.bot.Topics()...), Disclaimer: s.bot.Words().Disclaimer,
	})
}

func (s *Server) apiTopic(w http.ResponseWriter, r *http.Request) {
	start := s.o.Now()
	reply, ok := s.bot.Show(r.PathValue("id"))
	if !ok {
		s.refuse(w, r, problemNotFound.because("There is no topic with this id. GET /v1/topics lists them."))
		return
	}
	writeJSON(w, reply.Record("", s.o.Now().Sub(start)))
}

// ratingBody is the body of POST /v1/ratings.
type ratingBody struct {
	Rating  string        `json:"rating"`
	Helpful *bool         `json:"helpful"`
	Reason  engine.Reason `json:"reason"`
}

func (s *Server) apiRate(w http.ResponseWriter, r *http.Request) {
	if s.o.Rater == nil {
		s.refuse(w, r, problemRatings)
		return
	}
	var body ratingBody
	if !s.readAPI(w, r, &body) {
		return
	}
	if body.Helpful == nil {
		s.refuse(w, r, problemBody.because(`field "helpful" is missing: send true or false`))
		return
	}
	if err := s.rate(r.Context(), body.Rating, *body.Helpful, body.Reason); err != nil {
		s.refuse(w, r, problemTicket)
		return
	}
	writeJSON(w, s.bot.Rated().Record("", 0))
}

func (s *Server) apiDocument(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(openAPI)
}

// apiUnknown answers a preflight, a wrong method and an unknown path.
func (s *Server) apiUnknown(w http.ResponseWriter, r *http.Request) {
	allow := apiMethods(r.URL.Path)
	switch {
	case allow == "":
		s.refuse(w, r, problemNotFound)
	case r.Method == http.MethodOptions:
		preflight(w)
	default:
		w.Header().Set("Allow", allow)
		s.refuse(w, r, problemMethod)
	}
}

func apiMethods(path string) string {
	switch {
	case path == "/v1/ask" || path == "/v1/ratings":
		return "POST, OPTIONS"
	case path == "/v1/topics" || path == "/v1/openapi.json" || len(path) > len("/v1/topics/") && path[:len("/v1/topics/")] == "/v1/topics/":
		return "GET, HEAD, OPTIONS"
	default:
		return ""
	}
}

// readAPI decodes the body into v, or refuses it.
func (s *Server) readAPI(w http.ResponseWriter, r *http.Request, v any) bool {
	err := readJSON(r, v)
	switch {
	case err == nil:
		return true
	case errors.Is(err, errNotJSON):
		s.refuse(w, r, problemType)
	default:
		s.refuse(w, r, problemBody.because(err.Error()))
	}
	return false
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError) // our own plain structs always marshal
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
