package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"kapbot/bot"
)

// urgentFor is how long the help of an urgent reply stays on top of the page.
// It is the hour for which package bot keeps its line of help.
const urgentFor = time.Hour

// ask answers a question in a conversation. limited says that the address has
// used up its share: then only someone in danger is answered.
func (s *Server) ask(r *http.Request, text, locale string, st state, limited bool) (bot.Reply, state) {
	ctx, cancel := context.WithTimeout(r.Context(), s.o.Times.Answer)
	defer cancel()
	m := bot.Message{Text: text, Direct: true, Locale: locale}
	if limited {
		reply, c := s.bot.Reply(ctx, m, st.Conversation) // not counted as a reply given
		if !reply.Kind().Urgent() {
			return s.bot.SlowDown(), st
		}
		return reply, s.after(st, reply, c)
	}
	reply, c := s.o.Asker.Ask(ctx, adapterName, m, st.Conversation)
	return reply, s.after(st, reply, c)
}

// after is the state once reply was given and the bot remembers c.
func (s *Server) after(st state, reply bot.Reply, c bot.Conversation) state {
	st.Conversation = c
	if reply.Kind().Urgent() {
		st.Urgent, st.UrgentUntil = reply.Kind(), s.o.Now().Add(urgentFor)
	}
	if reply.Kind() == bot.Answer {
		st.see(reply.Topic())
	}
	return st
}

// pick answers with a topic that a person chose by its button. To the bot it
// is the first of one choice offered, so that the conversation goes on from it.
func (s *Server) pick(r *http.Request, id string, st state) (bot.Reply, state) {
	st.Conversation.Offered, st.Conversation.At = []string{id}, s.o.Now()
	return s.ask(r, "1", locale(r), st, false)
}

// question is the heading of a topic, and whether there is one with that id.
func (s *Server) question(id string) (string, bool) {
	for _, t := range s.bot.Topics() {
		if t.ID == id {
			return t.Question, true
		}
	}
	return "", false
}

// limited counts the request against its address.
func (s *Server) limited(r *http.Request) bool {
	return !s.limits.within(clientAddr(r, s.o.Proxies), s.o.Now())
}

// rateable returns a ticket for rating the reply, or "".
func (s *Server) rateable(reply bot.Reply) string {
	if s.o.Rater == nil || !reply.Rateable() || reply.Topic() == "" {
		return ""
	}
	return s.tokens.seal(purposeTicket, ticket{
		ID: rand.Text(), Topic: reply.Topic(), Expires: s.o.Now().Add(s.o.Times.Token),
	})
}

// seen lists the topics already shown, but for the one shown now.
func (s *Server) seen(st state, now string) []bot.Topic {
	var list []bot.Topic
	for _, t := range s.bot.Topics() {
		if t.ID != now && slices.Contains(st.Seen, t.ID) {
			list = append(list, t)
		}
	}
	return list
}
