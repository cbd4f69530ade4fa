package discordfake

import (
	"encoding/json"
	"fmt"
	"time"
)

// session is what RESUME goes on with: it outlives connections.
type session struct {
	id      string
	shard   int
	shards  int
	intents int
	socket  *Socket // nil while lost
	lostAt  time.Time
	dead    bool
	seq     int64
	log     []Frame // what was dispatched, for the replay
}

// Arrival is a connection that came up: READY or RESUMED was sent.
type Arrival struct {
	Shard   int
	At      time.Time
	Resumed bool
}

// Arrivals lists the connections that came up, oldest first.
func (s *Server) Arrivals() []Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Arrival(nil), s.arrivals...)
}

// Intents that messages need.
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15
)

// identified answers IDENTIFY: READY and the guilds, or the close code that
// Discord gives.
func (s *Server) identified(k *Socket, data json.RawMessage) {
	var d struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   []int  `json:"shard"`
	}
	json.Unmarshal(data, &d)
	shard, shards := 0, 1
	if len(d.Shard) == 2 {
		shard, shards = d.Shard[0], d.Shard[1]
	}
	s.mu.Lock()
	code, tooFast := 0, s.tooSoon(shard)
	switch {
	case d.Token != s.cfg.Token && d.Token != "Bot "+s.cfg.Token:
		code = 4004
	case d.Intents&s.cfg.DisallowedIntents != 0:
		code = 4014
	case shards < 1 || shard < 0 || shard >= shards:
		code = 4010
	}
	if code == 0 && !tooFast {
		s.starts--
		s.ready(k, &session{id: fmt.Sprintf("s%d", s.ids), shard: shard, shards: shards, intents: d.Intents})
	}
	s.mu.Unlock()
	switch {
	case code != 0:
		k.Close(code)
	case tooFast:
		k.Send(InvalidGone)
	}
}

// tooSoon says whether a shard identifies within the window of the one
// before it in its bucket (shard mod max_concurrency). s.mu is held.
func (s *Server) tooSoon(shard int) bool {
	if s.cfg.IdentifyWindow == 0 {
		return false
	}
	bucket, now := shard%s.cfg.MaxConcurrency, time.Now()
	if last, ok := s.identify[bucket]; ok && now.Sub(last) < s.cfg.IdentifyWindow {
		s.tooFast++
		return true
	}
	s.identify[bucket] = now
	return false
}

// TooFast counts the IDENTIFYs that came before their time.
func (s *Server) TooFast() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tooFast
}

// Starts counts the sessions begun with IDENTIFY.
func (s *Server) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Starts - s.starts
}

// ready begins a session. s.mu is held.
func (s *Server) ready(k *Socket, ses *session) {
	ses.id = "session-" + s.newID()
	ses.socket, k.session = k, ses
	s.sessions = append(s.sessions, ses)
	s.arrivals = append(s.arrivals, Arrival{Shard: ses.shard, At: time.Now()})
	type unavailable struct {
		ID          string `json:"id"`
		Unavailable bool   `json:"unavailable"`
	}
	guilds := []unavailable{}
	for _, g := range s.guilds {
		if shardOf(g.ID, ses.shards) == ses.shard {
			guilds = append(guilds, unavailable{g.ID, true})
		}
	}
	ses.send("READY", map[string]any{"v": 10, "user": s.bot, "guilds": guilds, "session_id": ses.id,
		"resume_gateway_url": s.ResumeURL(), "shard": []int{ses.shard, ses.shards}, "session_type": "normal",
		"private_channels": []any{}, "application": map[string]any{"id": s.bot.ID, "flags": 1 << 19}})
	for _, g := range s.guilds {
		if shardOf(g.ID, ses.shards) == ses.shard && ses.intents&intentGuilds != 0 {
			ses.send("GUILD_CREATE", g)
		}
	}
	s.touch()
}

// resumed answers RESUME: what was missed and RESUMED, or op 9.
func (s *Server) resumed(k *Socket, data json.RawMessage) {
	var d struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	json.Unmarshal(data, &d)
	s.mu.Lock()
	var found *session
	for _, ses := range s.sessions {
		if ses.id == d.SessionID {
			found = ses
		}
	}
	lost := found == nil || found.dead || (found.socket == nil && time.Since(found.lostAt) > s.cfg.ReplayWindow)
	badSeq := !lost && d.Seq > found.seq
	badToken := d.Token != s.cfg.Token && d.Token != "Bot "+s.cfg.Token
	var old *Socket
	if !lost && !badSeq && !badToken {
		old = found.socket
		found.socket, k.session = k, found
		for _, f := range found.log {
			if f.Seq != nil && *f.Seq > d.Seq {
				k.Send(f)
			}
		}
		s.arrivals = append(s.arrivals, Arrival{Shard: found.shard, At: time.Now(), Resumed: true})
		found.send("RESUMED", map[string]any{"_trace": []string{}})
		s.touch()
	}
	s.mu.Unlock()
	if old != nil && old != k {
		old.Close(4000) // a session has one connection
	}
	switch {
	case badToken:
		k.Close(4004)
	case badSeq:
		k.Close(4007)
	case lost:
		k.Send(InvalidGone)
	}
}

// EndSessions makes every session unresumable: the next RESUME gets op 9.
func (s *Server) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ses := range s.sessions {
		ses.dead = true
	}
}

// send dispatches to the session's connection and keeps the frame for a replay.
// Server.mu is held.
func (ses *session) send(event string, data any) {
	ses.seq++
	seq := ses.seq
	raw, err := json.Marshal(data)
	if err != nil {
		return
	}
	f := Frame{Op: opDispatch, Data: json.RawMessage(raw), Seq: &seq, Type: event}
	ses.log = append(ses.log, f)
	if len(ses.log) > 20000 {
		ses.log = ses.log[10000:]
	}
	if ses.socket != nil && !ses.socket.frozen {
		ses.socket.Send(f)
	}
}

// dispatch sends an event to each session that Discord would send it to.
// s.mu is held.
func (s *Server) dispatch(guild, event string, data any) {
	need := 0
	switch event {
	case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE":
		need = intentGuildMessages
		if guild == "" {
			need = intentDirectMessages
		}
	}
	now := time.Now()
	for _, ses := range s.sessions {
		if ses.dead || (ses.socket == nil && now.Sub(ses.lostAt) > s.cfg.ReplayWindow) {
			continue
		}
		if shardOf(guild, ses.shards) != ses.shard || ses.intents&need != need {
			continue
		}
		ses.send(event, s.visible(ses, data))
	}
	s.touch()
}

// visible empties the content that the session's intents do not cover.
func (s *Server) visible(ses *session, data any) any {
	m, ok := data.(*Message)
	if !ok || m.GuildID == "" || ses.intents&intentMessageContent != 0 && !s.cfg.NoMessageContent || m.Author.ID == s.bot.ID {
		return data
	}
	for _, u := range m.Mentions {
		if u.ID == s.bot.ID {
			return data
		}
	}
	hidden := *m
	hidden.Content, hidden.Components = "", json.RawMessage("[]")
	return &hidden
}

// Dispatch sends any event to the sessions of a guild ("" for shard 0).
func (s *Server) Dispatch(guild, event string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dispatch(guild, event, data)
}
