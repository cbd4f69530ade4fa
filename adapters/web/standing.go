package web

import (
	"net/http"

	"kapbot/bot"
)

// mostStanding is how many lines of help stay on top of the page: on a phone more
// would cover what is read. All of them are in the reply.
const mostStanding = 2

// standing is the help that stays on top of the page after an urgent reply, or
// nil: for an hour, whatever is asked next. The urgent reply itself shows it
// already.
func (s *Server) standing(r *http.Request, st state, now bot.Kind) *replyView {
	if st.Urgent == "" || now.Urgent() {
		return nil
	}
	v := s.viewReply(s.bot.Standing(st.Urgent, locale(r)), 2)
	return &v
}
