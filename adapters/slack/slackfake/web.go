package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Call is one request that the app made.
type Call struct {
	Method    string
	Token     string
	Args      map[string]string // JSON values keep their JSON text
	Raw       string            // the body as it came
	At        time.Time
	UserAgent string
}

// Arg returns an argument decoded into out; it is for blocks, views, metadata.
func (c Call) Arg(name string, out any) error { return json.Unmarshal([]byte(c.Args[name]), out) }

// Calls returns the recorded requests of a method, oldest first; "" means all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Responses returns what the app sent to response URLs, oldest first.
func (s *Server) Responses() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.responses...)
}

// ResponseURL returns a response_url for a slash command or an interaction.
func (s *Server) ResponseURL() string { return s.http.URL + "/response/" + s.id("R") }

type object = map[string]any

const maxBody = 1 << 20

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	call, err := readCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.record(call)
	fault := s.nextFault(call.Method)
	if fault != nil && !fault.After && fault.write(w, r, s.stop) {
		return
	}
	answer := s.answer(call)
	if fault != nil && fault.After && fault.write(w, r, s.stop) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if s.scopes != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(s.scopes, ","))
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func readCall(r *http.Request) (Call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return Call{}, err
	}
	c := Call{
		Method: strings.TrimPrefix(r.URL.Path, "/api/"), Args: map[string]string{}, Raw: string(body), At: time.Now(),
		Token: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), UserAgent: r.UserAgent(),
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(body, &fields); err != nil && len(body) > 0 {
			return Call{}, err
		}
		for k, v := range fields {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			c.Args[k] = text
		}
	} else {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return Call{}, err
		}
		for k := range form {
			c.Args[k] = form.Get(k)
		}
		for k := range r.URL.Query() {
			c.Args[k] = r.URL.Query().Get(k)
		}
	}
	if c.Token == "" {
		c.Token = c.Args["token"]
	}
	return c, nil
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.note()
}

func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	call, err := readCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if faults := CheckMessage(call.Args["text"], []byte(call.Args["blocks"])); call.Args["delete_original"] != "true" && len(faults) > 0 {
		http.Error(w, "invalid_blocks: "+strings.Join(faults, "; "), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.responses = append(s.responses, call)
	s.note()
	s.mu.Unlock()
	_, _ = io.WriteString(w, "ok")
}

func refused(reason string) object { return object{"ok": false, "error": reason} }

// answer does what the method asks for and returns Slack's result.
func (s *Server) answer(c Call) object {
	if c.Method != "oauth.v2.access" && c.Token == "" {
		return refused("not_authed")
	}
	switch c.Method {
	case "auth.test":
		return object{"ok": true, "team": "Fake", "team_id": s.team(c.Token), "user": "kap", "user_id": BotUserID, "bot_id": BotID, "url": s.http.URL}
	case "apps.connections.open":
		return s.openConnection(c)
	case "chat.postMessage":
		return s.postMessage(c)
	case "chat.postEphemeral":
		return s.postEphemeral(c)
	case "chat.update":
		return s.updateMessage(c)
	case "chat.delete":
		return s.deleteMessage(c)
	case "conversations.replies", "conversations.history":
		return s.history(c)
	case "conversations.open":
		return object{"ok": true, "channel": object{"id": "D" + strings.TrimPrefix(c.Args["users"], "U")}}
	case "conversations.info":
		return object{"ok": true, "channel": object{"id": c.Args["channel"], "name": "general"}}
	case "users.info":
		return object{"ok": true, "user": object{"id": c.Args["user"], "name": "person", "locale": "en-US"}}
	case "chat.getPermalink":
		return object{"ok": true, "permalink": "https://fake.slack.com/archives/" + c.Args["channel"] + "/p" + strings.Replace(c.Args["message_ts"], ".", "", 1)}
	case "views.open", "views.publish", "views.update", "views.push":
		return s.keepView(c)
	case "assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle", "auth.revoke", "apps.uninstall":
		return object{"ok": true}
	case "apps.manifest.export":
		return object{"ok": true, "manifest": object{"settings": object{"event_subscriptions": object{"bot_events": []string{"app_mention", "app_home_opened", "message.channels", "message.groups", "message.mpim"}}}}}
	case "oauth.v2.access":
		return s.grantToken(c)
	default:
		return refused("unknown_method")
	}
}

func (s *Server) team(token string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.teams[token]; t != "" {
		return t
	}
	return TeamID
}

func (s *Server) openConnection(c Call) object {
	if !strings.HasPrefix(c.Token, "xapp-") {
		return refused("not_allowed_token_type")
	}
	s.mu.Lock()
	s.opens++
	delay := s.script.OpenDelay
	s.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-s.stop:
		}
	}
	return object{"ok": true, "url": s.socketURL() + "?ticket=" + s.id("L")}
}

func (s *Server) grantToken(c Call) object {
	if c.Args["grant_type"] == "refresh_token" {
		return object{
			"ok": true, "access_token": s.id("xoxe.xoxb-"), "refresh_token": s.id("xoxe-1-"), "expires_in": 43200, "token_type": "bot",
			"bot_user_id": BotUserID, "app_id": AppID, "team": object{"id": TeamID, "name": "Fake"}, "scope": "chat:write",
		}
	}
	if c.Args["code"] == "" {
		return refused("invalid_code")
	}
	s.mu.Lock()
	lives, org := s.tokenLives, s.org
	s.mu.Unlock()
	grant := object{
		"ok": true, "access_token": s.id("xoxb-"), "token_type": "bot", "scope": "chat:write", "bot_user_id": BotUserID, "app_id": AppID,
		"team": object{"id": "T" + c.Args["code"], "name": "Fake"}, "authed_user": object{"id": "U1"}, "is_enterprise_install": false,
	}
	if lives > 0 {
		grant["refresh_token"], grant["expires_in"] = s.id("xoxe-1-"), lives
	}
	if org != "" {
		grant["team"], grant["enterprise"], grant["is_enterprise_install"] = nil, object{"id": org, "name": "Org"}, true
	}
	return grant
}

// Rotate makes tokens that are granted from now on live so many seconds.
func (s *Server) Rotate(seconds int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokenLives = seconds
}

// Grid makes installs organisation-wide from now on.
func (s *Server) Grid(enterprise string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org = enterprise
}
