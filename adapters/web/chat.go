package web

import (
	"net/http"
	"strings"

	"kapbot/bot"
)

func (s *Server) getHome(w http.ResponseWriter, r *http.Request) {
	welcome := s.viewReply(s.bot.Welcome(), 2)
	welcome.Related = nil // the page offers the topics itself
	s.drawChat(w, r, http.StatusOK, state{}, turnView{Reply: welcome})
}

// getAsk is where someone lands who reloads after a question.
func (s *Server) getAsk(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// postAsk answers a question, or the button of a topic. It sends the whole
// page, or to our own script only the new turn.
func (s *Server) postAsk(w http.ResponseWriter, r *http.Request) {
	if err := readForm(r); err != nil {
		s.refuse(w, r, problemBody)
		return
	}
	st, err := s.tokens.openState(r.PostForm.Get("conversation"), s.o.Now())
	if err != nil {
		st = state{} // an old page: begin anew, and answer
	}
	limited := s.limited(r)
	var turn turnView
	var reply bot.Reply
	if id := r.PostForm.Get("topic"); id != "" && !limited {
		var ok bool
		if turn.Asked, ok = s.question(id); !ok {
			s.refuse(w, r, problemNotFound)
			return
		}
		reply, st = s.pick(r, id, st)
	} else {
		turn.Asked = strings.TrimSpace(r.PostForm.Get("q"))
		reply, st = s.ask(r, turn.Asked, locale(r), st, limited)
	}
	turn.Reply = s.viewReply(reply, 3)
	turn.Reply.Rate = s.rateable(reply)
	if reply.Kind() == bot.Answer {
		turn.Reply.OwnPage = reply.Topic()
	}
	status := http.StatusOK
	if reply.Kind() == bot.SlowDown {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", retryAfter)
	}
	s.drawChat(w, r, status, st, turn)
}

func (s *Server) drawChat(w http.ResponseWriter, r *http.Request, status int, st state, turn turnView) {
	v := s.view(r, "chat", "")
	v.Canonical = s.address(r) + "/"
	v.Token = s.tokens.sealState(st, s.o.Now(), s.o.Times.Token)
	v.Turns, v.Begun = []turnView{turn}, r.Method == http.MethodPost
	if wantsFragment(r) {
		s.draw(w, r, status, "chat", "fragment", v)
		return
	}
	v.Seen = s.seen(st, turn.Reply.OwnPage)
	v.Urgent = s.standing(r, st, turn.Reply.Kind)
	s.draw(w, r, status, "chat", "layout.html", v)
}
