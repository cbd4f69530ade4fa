package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"kapbot/bot/engine"
)

var errRating = errors.New("the rating token is not one of ours, or has expired")

// rate keeps a rating for whoever holds the ticket that came with the answer.
func (s *Server) rate(ctx context.Context, token string, helpful bool, reason engine.Reason) error {
	var t ticket
	if err := s.tokens.open(purposeTicket, token, &t); err != nil || !s.o.Now().Before(t.Expires) {
		return errRating
	}
	if helpful || !slices.Contains(engine.Reasons(), reason) {
		reason = engine.NoReason
	}
	err := s.o.Rater.Rate(ctx, adapterName, "", t.ID, engine.Rating{Topic: t.Topic, Helpful: helpful, Reason: reason})
	if err != nil {
		// A person who wants to help is thanked all the same; the operator sees the fault.
		s.o.Log.Warn("a rating was not kept", "err", err)
	}
	return nil
}

// postRate keeps a rating from the page, and thanks. After "not helpful" it
// asks why; the answer to that is a second rating under the same ticket.
func (s *Server) postRate(w http.ResponseWriter, r *http.Request) {
	if s.o.Rater == nil {
		s.refuse(w, r, problemNotFound)
		return
	}
	if err := readForm(r); err != nil {
		s.refuse(w, r, problemBody)
		return
	}
	f := r.PostForm
	// One button sends one value: the verdict, a dot and the ticket.
	verdict, token, _ := strings.Cut(f.Get("rating"), ".")
	helpful, reason := verdict == "yes", engine.Reason("")
	if verdict != "yes" && verdict != "no" {
		reason = engine.Reason(verdict)
	}
	if err := s.rate(r.Context(), token, helpful, reason); err != nil {
		s.refuse(w, r, problemBody)
		return
	}
	st, err := s.tokens.openState(f.Get("conversation"), s.o.Now())
	if err != nil {
		st = state{}
	}
	turn := turnView{Reply: s.viewReply(s.bot.Rated(), 3)}
	if !helpful && reason == engine.NoReason {
		turn.Reply.Why = token
	}
	s.drawChat(w, r, http.StatusOK, st, turn)
}
