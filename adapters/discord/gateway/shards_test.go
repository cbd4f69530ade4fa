package gateway_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"kapbot/adapters/discord/discordfake"
	"kapbot/adapters/discord/gateway"
	"kapbot/bot/engine"
)

// IDENTIFYs keep Discord's pace among replicas, and each shard has one owner.
func TestShardsAreSharedAndPaced(t *testing.T) {
	const shards = 4
	s := start(t, discordfake.Config{Shards: shards, IdentifyWindow: 40 * time.Millisecond})
	store := engine.NewMemory()
	for _, owner := range []string{"a", "b"} {
		o := options(s, store, shards)
		o.Owner, o.IdentifyEvery = owner, 60*time.Millisecond
		listen(t, o)
	}
	await(t, s, "wait for all shards", func() bool {
		seen := map[int]int{}
		for _, k := range s.Sockets() {
			if k.Shard() >= 0 {
				seen[k.Shard()]++
			}
		}
		return len(seen) == shards
	})
	if s.Starts() != shards {
		t.Errorf("%d sessions for %d shards", s.Starts(), shards)
	}
	if s.TooFast() > 0 {
		t.Errorf("%d IDENTIFYs came too fast", s.TooFast())
	}
}

// When an owner stops, another replica resumes its session and hears what was
// said in between.
func TestAnotherReplicaResumes(t *testing.T) {
	s := start(t, discordfake.Config{})
	store := engine.NewMemory()
	who := s.NewUser("ann")
	first := listen(t, options(s, store, 1))
	up(t, s)
	s.Say(who, s.DM(who).ID, "to the first")
	first.waitFor("to the first")
	first.close()
	s.Say(who, s.DM(who).ID, "in between")
	o := options(s, store, 1)
	o.Owner = "b"
	second := listen(t, o)
	second.waitFor("in between")
	if s.Starts() != 1 {
		t.Errorf("%d sessions were begun, want 1: the second replica resumes", s.Starts())
	}
}

// An owner that is frozen loses the shard to another, and gives up when it
// wakes. What it had taken and not done comes to the new owner.
func TestFrozenOwnerIsReplaced(t *testing.T) {
	s := start(t, discordfake.Config{Heartbeat: 50 * time.Millisecond})
	store := engine.NewMemory()
	who := s.NewUser("ann")
	stuck := make(chan struct{})
	frozen := &frozenStore{Memory: store}
	o := options(s, frozen, 1)
	o.Handle = func(ctx context.Context, e gateway.Event) error {
		if e.Type == "MESSAGE_CREATE" {
			e.Hold() // never done
			frozen.freeze()
			close(stuck)
			<-ctx.Done()
		}
		return nil
	}
	first := listen(t, o)
	up(t, s)
	for kept := 0; kept == 0; { // the session is in the store
		names, _ := store.ListSettings(t.Context(), "discord/session")
		kept = len(names)
		runtime.Gosched()
	}
	s.Say(who, s.DM(who).ID, "unfinished")
	<-stuck
	o = options(s, store, 1)
	o.Owner = "b"
	second := listen(t, o)
	second.waitFor("unfinished")
	frozen.thaw()
	first.close()
	s.Say(who, s.DM(who).ID, "later")
	second.waitFor("later")
}

// frozenStore stops answering, as the store of a stopped process would seem to.
type frozenStore struct {
	*engine.Memory
	mu sync.Mutex
}

func (f *frozenStore) freeze() { f.mu.Lock() }
func (f *frozenStore) thaw()   { f.mu.Unlock() }

func (f *frozenStore) Lease(ctx context.Context, name, owner string, ttl time.Duration) (engine.Lease, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Memory.Lease(ctx, name, owner, ttl)
}

func TestNoSessionsLeftWaits(t *testing.T) {
	s := start(t, discordfake.Config{})
	var mu sync.Mutex
	asked := 0
	o := options(s, engine.NewMemory(), 1)
	o.Info = func(context.Context) (gateway.Info, error) {
		mu.Lock()
		defer mu.Unlock()
		asked++
		left := 0
		if asked > 3 {
			left = 1
		}
		return gateway.Info{URL: s.GatewayURL(), Shards: 1, MaxConcurrency: 1, Remaining: left, ResetAfter: 10 * time.Millisecond}, nil
	}
	listen(t, o)
	up(t, s)
	if asked < 4 {
		t.Errorf("identified after asking %d times, with no sessions left", asked)
	}
}
