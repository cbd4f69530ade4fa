package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"kapbot/adapters/postgres/postgrestest"
	"kapbot/adapters/slack/slackfake"
)

var stormSize = flag.Int("storm", 200, "how many questions TestReplicas asks")

const replicas = 4

// TestReplicas has four real kapbots on one PostgreSQL and one Slack. Each question
// is delivered one to three times to any of them, and again while nobody
// acknowledges it; meanwhile they are killed and frozen at random. Each is
// answered once. At full size:
//
//	go test ./cmd/kapbot -run TestReplicas -storm 20000 -v -timeout 30m
func TestReplicas(t *testing.T) {
	n := *stormSize
	fake := slackfake.New(slackfake.Options{
		AckWithin: 3 * time.Second,
		Retries:   []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 16 * time.Second},
	})
	defer fake.Close()
	slow := make([]slackfake.Fault, n)
	for i := range slow {
		slow[i] = slackfake.Fault{Hang: time.Duration(rand.IntN(400)) * time.Millisecond}
	}
	fake.Fail("chat.postMessage", slow...)
	configuration := "store = \"env:DATABASE\"\n" + slackConfig(fake)
	environ := append([]string{"DATABASE=" + postgrestest.Start(t).Database(t)}, tokens...)

	running := make([]*process, replicas)
	for i := range running {
		running[i] = serve(t, t.TempDir(), configuration, environ...)
	}
	begun := time.Now()
	asked := make(chan struct{})
	var storm sync.WaitGroup
	storm.Go(func() { deliver(fake, n); close(asked) })
	kills, freezes := disturb(t, running, asked, configuration, environ)
	storm.Wait()
	for _, p := range running {
		p.signal(syscall.SIGCONT)
	}
	answered := func() bool { return fake.Posted() >= n }
	if !fake.Wait(2*time.Minute, answered) {
		t.Errorf("%d of %d answered", fake.Posted(), n)
	}
	for _, p := range running {
		p.signal(syscall.SIGTERM)
		if status := p.wait(); status != 0 {
			t.Errorf("exit status %d", status)
		}
	}
	for i := range n {
		if got := len(fake.Messages(fmt.Sprintf("C%05d", i))); got != 1 {
			t.Errorf("question %d was answered %d times", i, got)
		}
	}
	s := fake.Stats()
	t.Logf("%d questions in %v: %d deliveries, %d of them again, %d kills, %d freezes; acknowledged after %v at p50, %v at p99",
		n, time.Since(begun).Round(time.Millisecond), s.Sent, s.Retries, kills, freezes,
		s.AckPercentile(.5).Round(time.Millisecond), s.AckPercentile(.99).Round(time.Millisecond))
}

// deliver sends n questions, each one to three times, at 50 a second or in two minutes.
func deliver(fake *slackfake.Server, n int) {
	tick := time.NewTicker(time.Second / time.Duration(max(50, n/120)))
	defer tick.Stop()
	for i := range n {
		<-tick.C
		e := slackfake.Mention(fmt.Sprintf("C%05d", i), fmt.Sprintf("U%05d", i), "What is KAP?")
		for range 1 + rand.IntN(3) {
			fake.Deliver(e)
		}
	}
}

// disturb kills a replica and starts another in its place, or freezes one for
// longer than a claim lives, until done.
func disturb(t *testing.T, running []*process, done <-chan struct{}, configuration string, environ []string) (kills, freezes int) {
	t.Helper()
	for {
		select {
		case <-done:
			return kills, freezes
		case <-time.After(time.Duration(300+rand.IntN(700)) * time.Millisecond):
		}
		i := rand.IntN(len(running))
		p := running[i]
		if (kills+freezes)%3 < 2 {
			p.signal(syscall.SIGKILL)
			<-p.done
			running[i] = launch(t, t.TempDir(), configuration, environ...)
			kills++
			continue
		}
		freezes++
		p.signal(syscall.SIGSTOP)
		time.AfterFunc(5*time.Second, func() { _ = p.cmd.Process.Signal(syscall.SIGCONT) })
	}
}
