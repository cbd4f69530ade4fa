// Package web puts the bot on a page that a clinic can show to its visitors, and
// behind a small HTTP API.
//
//	s, err := web.New(web.Options{Bot: b})
//	http.ListenAndServe("127.0.0.1:8080", s.Handler())
//
// Run does the same with timeouts, limits on connections, TLS and an orderly end.
//
// # One template, two ways
//
// Every reply is drawn by templates/reply.html. Without JavaScript the question
// is sent as a plain form and the whole page comes back. With it, assets/app.js
// sends the same form, asks for the fragment that holds the new turn, and
// appends it. There is no second rendering that could drift.
//
// # Where the conversation is
//
// In the page, and nowhere else: a Conversation of package bot (ids and times,
// never words) is sealed into an opaque token that lives for an hour. No cookie
// is set and nothing is stored. See token.go.
//
// # What is refused, and where
//
//   - headers.go: content security policy and its kin, on every response
//   - origin.go: which other sites may embed the page or call the API
//   - limit.go, listener.go: floods, slow clients, too many connections
//   - request.go: bodies over 16 KiB, wrong content types, forms
//   - log.go: the access log, which knows routes and never addresses or words
//
// Someone in danger is answered even over the limit: the limit is asked after
// triage, and an urgent reply ignores it.
package web
