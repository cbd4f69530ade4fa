package discord_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/bot"
	"kapbot/bot/engine"
)

// slow holds every delivery until it is let go: an engine that is late.
type slow struct {
	discord.Engine
	gate chan struct{}
}

func (s slow) Submit(ctx context.Context, e engine.Event) error {
	deliver := e.Deliver
	e.Deliver = func(ctx context.Context, r bot.Reply) error {
		<-s.gate
		return deliver(ctx, r)
	}
	return s.Engine.Submit(ctx, e)
}

func lateBy(gate chan struct{}) change {
	return func(o *discord.Options) { o.Engine = slow{o.Engine, gate} }
}

// An interaction that cannot be answered at once is acknowledged in time and
// answered after.
func TestSlowAnswerIsAnnounced(t *testing.T) {
	gate := make(chan struct{})
	p := inGuild(t, lateBy(gate))
	id := p.Command(p.use(), "kap", discordfake.Sub("topics"))
	if r := p.response(id, 1); r.Type != 5 || !r.Ephemeral {
		t.Errorf("announced with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
	close(gate)
	if r := p.response(id, 2); !r.Edit {
		t.Error("the answer does not take the announcement's place")
	}
}

func TestSlowPressIsAnnounced(t *testing.T) {
	gate := make(chan struct{})
	p := inGuild(t, lateBy(gate))
	m := p.Say(p.ann, p.room.ID, "a message with a button")
	id := p.Press(p.use(), m.ID, "k1:did:"+p.ann.ID+":what-is-kap")
	if r := p.response(id, 1); r.Type != 6 {
		t.Errorf("announced with type %d", r.Type)
	}
	close(gate)
	p.response(id, 2)
}

// A public answer that was announced and turns out to be for one person alone is
// taken back.
func TestSlowPublicCrisisIsKeptPrivate(t *testing.T) {
	gate := make(chan struct{})
	p := inGuild(t, lateBy(gate))
	id := p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "I want to kill myself"), discordfake.Option{Name: "public", Type: 5, Value: true}))
	if r := p.response(id, 1); r.Type != 5 || r.Ephemeral {
		t.Errorf("announced with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
	close(gate)
	if r := p.response(id, 2); !r.Ephemeral || !strings.Contains(textOf(r.Data), "988") {
		t.Errorf("followed by, ephemeral %v: %s", r.Ephemeral, textOf(r.Data))
	}
	p.await("the announcement to go", func() bool { return len(p.mine(p.room.ID)) == 0 })
}

// The first answer meets each fault, and the person is answered.
func TestFirstAnswerThroughFaults(t *testing.T) {
	for name, fault := range map[string]discordfake.Fault{
		"500":                    {Path: "/callback", Status: 500},
		"503 after the work":     {Path: "/callback", Status: 503, After: true},
		"cut after the work":     {Path: "/callback", Cut: true, After: true},
		"hangs after the work":   {Path: "/callback", Hang: true, After: true},
		"hangs":                  {Path: "/callback", Hang: true},
		"429 of the interaction": discordfake.TooMany("/callback", "user", "0.05"),
		"form refused":           {Path: "/callback", Status: 400, Body: `{"code":50035}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := inGuild(t)
			p.Fail(fault)
			id := p.Command(p.use(), "kap", discordfake.Sub("topics"))
			p.response(id, 1)
		})
	}
}

// An interaction whose three seconds are over is let go.
func TestExpiredInteraction(t *testing.T) {
	p := inGuild(t)
	p.Fail(discordfake.Fault{Path: "/callback", Status: 404, Body: `{"code":10062}`, Times: 2})
	id := p.Command(p.use(), "kap", discordfake.Sub("topics"))
	p.await("the try", func() bool { return len(p.Requests("POST", "/callback")) >= 1 })
	p.replies(p.mention("What is KAP?"), 1)
	if n := len(p.Interaction(id).Responses); n != 0 {
		t.Errorf("%d answers to what has expired", n)
	}
}

// A message that cannot be answered for a while is answered once when it can.
func TestAnsweredOnceWhenDiscordIsBack(t *testing.T) {
	p := inGuild(t, func(o *discord.Options) { o.REST.Tries = 2 })
	p.Fail(discordfake.Fault{Method: "POST", Path: "/channels/" + p.room.ID, Status: 503, Times: 5, After: true})
	p.replies(p.mention("What is KAP?"), 1)
	p.settled()
	if got := p.mine(p.room.ID); len(got) != 1 {
		t.Errorf("the bot wrote %d messages, want 1", len(got))
	}
}

// When nonces are forgotten, an answer that was posted without our knowing is
// looked for before it is posted again.
func TestLooksBeforePostingAgain(t *testing.T) {
	s := fake(t, discordfake.Config{NoNonces: true})
	w := replica(t, s, engine.NewMemory(), func(o *discord.Options) { o.REST.Tries = 1 })
	w.connected()
	ann := s.NewUser("ann")
	room := s.NewChannel(s.NewGuild("a community"), discordfake.TextChannel, "", "general")
	s.Fail(discordfake.Fault{Method: "POST", Path: "/channels/" + room.ID, Status: 504, After: true})
	asked := s.Say(ann, room.ID, "<@"+s.Bot().ID+"> What is KAP?")
	w.await("a look", func() bool { return len(s.Requests("GET", "/channels/"+room.ID+"/messages")) > 0 })
	w.settled()
	if got := w.mine(room.ID); len(got) != 1 || got[0].MessageReference.MessageID != asked.ID {
		t.Errorf("the bot wrote %d messages, want 1", len(got))
	}
}

// full refuses events a few times, as an engine does whose queue is full.
type full struct {
	discord.Engine
	left *atomic.Int32
}

func (f full) Submit(ctx context.Context, e engine.Event) error {
	if f.left.Add(-1) >= 0 {
		return engine.ErrFull
	}
	return f.Engine.Submit(ctx, e)
}

// With a full queue a message comes again by RESUME; a command is told at once.
func TestFullQueue(t *testing.T) {
	var left atomic.Int32
	p := inGuild(t, func(o *discord.Options) { o.Engine = full{o.Engine, &left} })
	left.Store(1)
	r := p.response(p.Command(p.use(), "kap", discordfake.Sub("topics")), 1)
	if !strings.Contains(textOf(r.Data), theBot().Words().Failure) {
		t.Errorf("answered %s", textOf(r.Data))
	}
	left.Store(3)
	p.replies(p.mention("What is KAP?"), 1)
	p.settled()
	if got := p.mine(p.room.ID); len(got) != 1 || p.Starts() != 1 {
		t.Errorf("the bot wrote %d messages in %d sessions", len(got), p.Starts())
	}
}

// Events of a replay are answered once.
func TestReplayIsAnsweredOnce(t *testing.T) {
	p := inGuild(t)
	asked := p.mention("What is KAP?")
	p.replies(asked, 1)
	for range 3 {
		p.Dispatch(p.guild.ID, "MESSAGE_CREATE", asked)
	}
	p.settled()
	if got := p.mine(p.room.ID); len(got) != 1 {
		t.Errorf("the bot wrote %d messages, want 1", len(got))
	}
}

// What was missed in a lost session is read over REST and answered once: direct
// messages and calls of the last quarter of an hour.
func TestCatchUpAfterLostSession(t *testing.T) {
	p := inGuild(t)
	direct := p.DM(p.ann)
	p.replies(p.Say(p.ann, direct.ID, "hello"), 1)
	answered := p.mention("What is KAP?")
	p.replies(answered, 1)
	p.EndSessions()
	p.Refuse(true)
	k := p.connected()
	k.Reset()
	called := p.mention("How do I choose a provider?")
	written := p.Say(p.ann, direct.ID, "What is KAP?")
	old := p.Say(p.ann, p.room.ID, "<@"+p.Bot().ID+"> What is KAP?", discordfake.At(time.Now().Add(-16*time.Minute)))
	overheard := p.Say(p.ann, p.room.ID, "What is KAP?")
	p.Refuse(false)
	p.replies(called, 1)
	p.replies(written, 1)
	p.settled()
	for what, m := range map[string]discordfake.Message{"one too old": old, "one not for the bot": overheard} {
		for _, r := range p.mine(p.room.ID) {
			if r.MessageReference.MessageID == m.ID {
				t.Errorf("%s was answered", what)
			}
		}
	}
	if got := p.mine(p.room.ID); len(got) != 2 {
		t.Errorf("the bot wrote %d messages in the room, want 2", len(got))
	}
}

// After a restart with an empty store, what has its answer is not answered again.
func TestCatchUpAfterRestart(t *testing.T) {
	s := fake(t, discordfake.Config{})
	first := replica(t, s, engine.NewMemory())
	first.connected()
	g := s.NewGuild("a community")
	room := s.NewChannel(g, discordfake.TextChannel, "", "general")
	ann := s.NewUser("ann")
	done := s.Say(ann, room.ID, "<@"+s.Bot().ID+"> What is KAP?")
	first.replies(done, 1)
	first.stop()
	missed := s.Say(ann, room.ID, "<@"+s.Bot().ID+"> How do I choose a provider?")
	second := replica(t, s, engine.NewMemory())
	second.replies(missed, 1)
	second.settled()
	if got := second.mine(room.ID); len(got) != 2 {
		t.Errorf("the bot wrote %d messages, want 2", len(got))
	}
}

// Two replicas share the shards; each message has one answer, also when one stops.
func TestReplicasAnswerOnce(t *testing.T) {
	s := fake(t, discordfake.Config{Shards: 2, Heartbeat: 100 * time.Millisecond})
	store := engine.NewMemory()
	a := replica(t, s, store)
	b := replica(t, s, store, func(o *discord.Options) { o.Owner = "b" })
	var rooms []*discordfake.Channel
	for shard := range 2 {
		rooms = append(rooms, s.NewChannel(s.NewGuildOn(shard, "a community"), discordfake.TextChannel, "", "general"))
	}
	a.await("both shards", func() bool { return s.Starts() >= 2 && len(s.Sockets()) >= 2 })
	ann := s.NewUser("ann")
	ask := func() {
		for _, room := range rooms {
			b.replies(s.Say(ann, room.ID, "<@"+s.Bot().ID+"> What is KAP?"), 1)
		}
	}
	ask()
	a.stop()
	ask()
	b.settled()
	for _, room := range rooms {
		if got := b.mine(room.ID); len(got) != 2 {
			t.Errorf("the bot wrote %d messages, want 2", len(got))
		}
	}
}

// A question that is deleted before its answer comes stays without one.
func TestDeletedBeforeAnswered(t *testing.T) {
	gate := make(chan struct{})
	p := inGuild(t, lateBy(gate))
	asked := p.mention("What is KAP?")
	p.Delete(p.room.ID, asked.ID)
	marker := p.Command(p.use(), "kap", discordfake.Sub("topics"))
	p.response(marker, 1) // announced: all before it has been heard
	close(gate)
	p.response(marker, 2)
	p.settled()
	if got := p.mine(p.room.ID); len(got) != 0 {
		t.Errorf("the bot wrote %d messages to a question that is gone", len(got))
	}
}

// Answers keep the order of one person's questions.
func TestOrderIsKept(t *testing.T) {
	p := inGuild(t)
	var asked []discordfake.Message
	for range 20 {
		asked = append(asked, p.mention("What is KAP?"))
	}
	p.replies(asked[len(asked)-1], 1)
	for i, m := range p.mine(p.room.ID) {
		if m.MessageReference.MessageID != asked[i].ID {
			t.Fatalf("answer %d is to another question", i)
		}
	}
}

func TestRefusedTokenEndsRun(t *testing.T) {
	s := fake(t, discordfake.Config{Token: "another"})
	e := engine.New(theBot(), engine.NewMemory(), engine.Options{})
	defer e.Drain(context.Background())
	a, err := discord.New(discord.Options{Token: "wrong", ApplicationID: s.Bot().ID, APIURL: s.APIURL(), Bot: theBot(), Engine: e, Store: engine.NewMemory(), Owner: "a"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := a.Run(ctx); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("Run returned %v", err)
	}
	if a.Health() == nil {
		t.Error("it says that it is well")
	}
}

func TestHealth(t *testing.T) {
	w := begin(t)
	if err := w.adapter.Health(); err != nil {
		t.Errorf("connected, and it says %v", err)
	}
	w.Refuse(true)
	w.connected().Reset()
	deadline := time.Now().Add(patience)
	for w.adapter.Health() == nil && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	if w.adapter.Health() == nil {
		t.Error("not connected, and it says that it is well")
	}
}

// recorder keeps what is logged, to look for what must not be in it.
type recorder struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
