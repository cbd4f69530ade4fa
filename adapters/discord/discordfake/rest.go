package discordfake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

var version = regexp.MustCompile(`^/api(/v\d+)?`)

// routes is the whole server: REST under /api/v10 (v9 too, for plain
// discordgo), the gateway and the resume address.
func (s *Server) routes() http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET /gateway", s.getGateway)
	api.HandleFunc("GET /gateway/bot", s.getGateway)
	api.HandleFunc("GET /users/@me", func(w http.ResponseWriter, r *http.Request) { reply(w, http.StatusOK, s.bot) })
	api.HandleFunc("GET /users/@me/guilds", s.getGuilds)
	api.HandleFunc("POST /users/@me/channels", s.postDM)
	api.HandleFunc("GET /applications/@me", s.getApplication)
	api.HandleFunc("GET /oauth2/applications/@me", s.getApplication)
	api.HandleFunc("GET /applications/{app}/commands", s.getCommands)
	api.HandleFunc("PUT /applications/{app}/commands", s.putCommands)
	api.HandleFunc("GET /applications/{app}/guilds/{guild}/commands", s.getCommands)
	api.HandleFunc("PUT /applications/{app}/guilds/{guild}/commands", s.putCommands)
	api.HandleFunc("GET /channels/{channel}", s.getChannel)
	api.HandleFunc("POST /channels/{channel}/typing", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	api.HandleFunc("GET /channels/{channel}/messages", s.listMessages)
	api.HandleFunc("POST /channels/{channel}/messages", s.postMessage)
	api.HandleFunc("GET /channels/{channel}/messages/{message}", s.getMessage)
	api.HandleFunc("PATCH /channels/{channel}/messages/{message}", s.patchMessage)
	api.HandleFunc("DELETE /channels/{channel}/messages/{message}", s.deleteMessage)
	api.HandleFunc("POST /interactions/{interaction}/{token}/callback", s.postCallback)
	api.HandleFunc("POST /webhooks/{app}/{token}", s.postFollowup)
	api.HandleFunc("GET /webhooks/{app}/{token}/messages/{message}", s.getFollowup)
	api.HandleFunc("PATCH /webhooks/{app}/{token}/messages/{message}", s.patchFollowup)
	api.HandleFunc("DELETE /webhooks/{app}/{token}/messages/{message}", s.deleteFollowup)
	api.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fail(w, http.StatusNotFound, 0, "404: Not Found") })

	root := http.NewServeMux()
	root.HandleFunc("/gateway", s.serveGateway)
	root.HandleFunc("/gateway/", s.serveGateway)
	root.HandleFunc("/resume", s.serveGateway)
	root.HandleFunc("/resume/", s.serveGateway)
	root.Handle("/api/", s.guarded(api))
	return root
}

// guarded records a request, applies a fault and checks the token.
func (s *Server) guarded(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 32<<20))
		path := version.ReplaceAllString(r.URL.Path, "")
		r.URL.Path, r.URL.RawPath, r.Body = path, "", io.NopCloser(bytes.NewReader(body))
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		q := &Request{Method: r.Method, Path: path, Query: r.URL.RawQuery, Auth: r.Header.Get("Authorization"), Body: body, At: time.Now()}
		s.mu.Lock()
		s.requests = append(s.requests, q)
		s.touch()
		s.mu.Unlock()
		s.answer(rec, r, api)
		s.mu.Lock()
		q.Status = rec.status
		s.touch()
		s.mu.Unlock()
		if rec.cut {
			panic(http.ErrAbortHandler)
		}
	})
}

func (s *Server) answer(w *recorder, r *http.Request, api http.Handler) {
	f := s.fault(r.Method, r.URL.Path)
	if f != nil {
		if f.After {
			api.ServeHTTP(&recorder{ResponseWriter: discard{http.Header{}}}, r)
		}
		if f.Delay > 0 || f.Hang {
			wait := f.Delay
			if f.Hang {
				wait = time.Hour
			}
			select {
			case <-time.After(wait):
			case <-r.Context().Done():
				w.cut = true
				return
			}
		}
		if f.Cut {
			w.cut = true
			return
		}
		if f.Status != 0 {
			for k, v := range f.Header {
				w.Header()[http.CanonicalHeaderKey(k)] = v
			}
			w.WriteHeader(f.Status)
			io.WriteString(w, f.Body)
			return
		}
	}
	open := strings.HasPrefix(r.URL.Path, "/interactions/") || strings.HasPrefix(r.URL.Path, "/webhooks/") || r.URL.Path == "/gateway"
	if !open && r.Header.Get("Authorization") != "Bot "+s.cfg.Token {
		fail(w, http.StatusUnauthorized, 0, "401: Unauthorized")
		return
	}
	api.ServeHTTP(w, r)
}

type recorder struct {
	http.ResponseWriter
	status int
	cut    bool
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// discard takes the answer that a client is not to see.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// fail answers as Discord does: a code of its own beside the HTTP status.
func fail(w http.ResponseWriter, status, code int, message string) {
	reply(w, status, map[string]any{"message": message, "code": code})
}

func (s *Server) getGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	left := max(s.starts, 0)
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"url": s.GatewayURL(), "shards": s.cfg.Shards,
		"session_start_limit": map[string]any{"total": 1000, "remaining": left, "reset_after": 14400000, "max_concurrency": s.cfg.MaxConcurrency}})
}

func (s *Server) getApplication(w http.ResponseWriter, r *http.Request) {
	const contentLimited = 1 << 19 // GATEWAY_MESSAGE_CONTENT_LIMITED
	flags := contentLimited
	if s.cfg.DisallowedIntents&(1<<15) != 0 || s.cfg.NoMessageContent {
		flags = 0
	}
	reply(w, http.StatusOK, map[string]any{"id": s.bot.ID, "name": "kapbot", "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "verify_key": "", "team": nil, "flags": flags,
		"integration_types_config": map[string]any{"0": map[string]any{}, "1": map[string]any{}}})
}

func (s *Server) getGuilds(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []map[string]any{}
	for _, g := range s.guilds {
		out = append(out, map[string]any{"id": g.ID, "name": g.Name, "owner": false, "permissions": "274877991936", "features": []string{}})
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) getCommands(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body := s.commands[r.PathValue("guild")]
	if body == nil {
		body = []byte("[]")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body)
}

// putCommands keeps the commands and gives each an id, as Discord's answer has it.
func (s *Server) putCommands(w http.ResponseWriter, r *http.Request) {
	var commands []map[string]any
	if err := json.NewDecoder(r.Body).Decode(&commands); err != nil {
		fail(w, http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		return
	}
	if err := checkCommands(commands); err != nil {
		fail(w, http.StatusBadRequest, 50035, "Invalid Form Body: "+err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range commands {
		c["id"], c["application_id"], c["version"] = s.newID(), s.bot.ID, s.newID()
		if c["type"] == nil {
			c["type"] = 1
		}
	}
	body, _ := json.Marshal(commands)
	s.commands[r.PathValue("guild")] = body
	reply(w, http.StatusOK, commands)
}
