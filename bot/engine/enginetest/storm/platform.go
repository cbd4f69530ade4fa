package storm

import (
	"bufio"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"kapbot/bot/engine"
)

// platform is what Slack or Discord would be: it delivers events to replicas, more than
// once, until one acknowledges, and shows what they post.
type platform struct {
	t        *testing.T
	storm    Storm
	socket   string
	listener net.Listener

	mu       sync.Mutex
	events   []event
	open     int           // events not yet acknowledged
	acked    chan struct{} // closed when there are none
	replicas []*process

	late, redelivered, refused, kills, freezes int
}

// event is one event as the platform sees it.
type event struct {
	posts  []time.Time
	waited []time.Duration // before a post, see hear
	hit    time.Time       // when a replica that had a copy was last killed or frozen
	acked  bool
	due    time.Time // when it is delivered again
	sent   int
}

// process is a replica as the platform sees it.
type process struct {
	cmd   *exec.Cmd
	out   chan line
	gone  chan struct{}     // closed when it has ended
	awake time.Time         // since it started or was thawed
	had   map[int]time.Time // the first copy of an event
}

// Slack tries again at once, after a minute and after five; here time runs faster.
const retryAfter = 1500 * time.Millisecond

func newPlatform(t *testing.T, s Storm) *platform {
	t.Helper()
	dir, err := os.MkdirTemp("", "kapbot-") // short: a socket's name has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &platform{t: t, storm: s, socket: dir + "/s", events: make([]event, s.Events), open: s.Events, acked: make(chan struct{})}
	p.listener, err = new(net.ListenConfig).Listen(t.Context(), "unix", p.socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.listener.Close() })
	return p
}

// start runs a new replica in place i. Only one replica starts at a time.
func (p *platform) start(i int) {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(p.t.Context()), self) // stop ends it
	cmd.Env = append(os.Environ(), envSocket+"="+p.socket, envDatabase+"="+p.storm.Database, envLease+"="+p.storm.Lease.String(), envStoreTimeout+"="+p.storm.StoreTimeout.String())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	conn, err := p.listener.Accept()
	if err != nil {
		p.t.Fatal(err)
	}
	r := &process{cmd: cmd, out: make(chan line, 4*len(p.events)), gone: make(chan struct{}), awake: time.Now(), had: map[int]time.Time{}}
	go p.write(r, conn)
	go p.read(r, conn)
	p.mu.Lock()
	defer p.mu.Unlock()
	if i == len(p.replicas) {
		p.replicas = append(p.replicas, r)
	} else {
		p.replicas[i] = r
	}
}

func (p *platform) write(r *process, conn net.Conn) {
	for {
		select {
		case <-r.gone:
			return
		case l := <-r.out:
			b, err := json.Marshal(l)
			if err != nil {
				panic(err)
			}
			if _, err := conn.Write(append(b, '\n')); err != nil {
				return // it was killed
			}
		}
	}
}

func (p *platform) read(r *process, conn net.Conn) {
	defer close(r.gone)
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) == nil { // half a line, if it was killed
			p.hear(r, l)
		}
	}
	_ = r.cmd.Wait()
}

// hear takes what a replica says.
func (p *platform) hear(r *process, l line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.Late {
		p.late++
		return
	}
	e := &p.events[l.ID]
	switch l.Op {
	case opPost:
		now := time.Now()
		// It could have been answered since the poster had a copy and was awake, and since the
		// last time that an owner may have been lost.
		since := slices.MaxFunc([]time.Time{r.had[l.ID], r.awake, e.hit}, time.Time.Compare)
		e.posts, e.waited = append(e.posts, now), append(e.waited, now.Sub(since))
		r.out <- line{Op: opPosted, ID: l.ID}
	case opLook:
		r.out <- line{Op: opLooked, ID: l.ID, Found: len(e.posts) > 0}
	case opRefused:
		p.refused++
	case opSettled:
		if engine.Outcome(l.Outcome).Acknowledge() && !e.acked {
			e.acked = true
			if p.open--; p.open == 0 {
				close(p.acked)
			}
		}
	}
}

// deliver sends a copy of an event to a random replica, awake or not.
func (p *platform) deliver(id int) {
	r := p.replicas[rand.IntN(len(p.replicas))]
	if _, ok := r.had[id]; !ok {
		r.had[id] = time.Now()
	}
	p.events[id].sent++
	p.events[id].due = time.Now().Add(retryAfter)
	r.out <- line{Op: opEvent, ID: id}
}

// deliverNew sends an event for the first time: one to three copies at once.
func (p *platform) deliverNew(id int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range 1 + rand.IntN(3) {
		p.deliver(id)
	}
}

// redeliver sends again what is due, and says how many events are under way and how
// many are acknowledged.
func (p *platform) redeliver(upto int) (underWay, acked int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for id := range upto {
		e := &p.events[id]
		if e.acked {
			continue
		}
		underWay++
		if now.After(e.due) {
			p.redelivered++
			p.deliver(id)
		}
	}
	return underWay, upto - underWay
}

func (p *platform) kill(i int) {
	r := p.replicas[i]
	p.mu.Lock()
	p.hit(r)
	p.mu.Unlock()
	_ = r.cmd.Process.Kill()
	<-r.gone
	p.kills++
	p.start(i)
}

// hit notes that events that r had a copy of may have lost their owner.
func (p *platform) hit(r *process) {
	now := time.Now()
	for id := range r.had {
		p.events[id].hit = now
	}
}

// setFrozen stops a replica where it stands, or lets it go on.
func (p *platform) setFrozen(i int, frozen bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.replicas[i]
	var err error
	if frozen {
		p.freezes++
		p.hit(r)
		err = freeze(r.cmd.Process)
	} else {
		r.awake = time.Now()
		err = thaw(r.cmd.Process)
	}
	if err != nil {
		p.t.Errorf("freeze a replica: %v", err)
	}
}

// stop ends all replicas.
func (p *platform) stop() {
	for _, r := range p.replicas {
		_ = r.cmd.Process.Kill()
		<-r.gone
	}
}
