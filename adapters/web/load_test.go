package web

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kapbot/bot"
)

var (
	loadFor  = flag.Duration("load", 0, "run TestLoad for so long")
	loadRate = flag.Int("rate", 2000, "requests a second of TestLoad")
	loadSlow = flag.Int("slow", 1000, "idle slow clients beside TestLoad")
)

// serveLoad is what the process under load runs, so that its memory is its own.
const serveLoad = "KAPBOT_TEST_SERVE"

func runLoadServer() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	b, err := bot.New(ctx, bot.Options{})
	if err != nil {
		return err
	}
	defer b.Close()
	s, err := New(Options{
		Bot: b, Listen: "127.0.0.1:0", Ready: func(addr string) { fmt.Println(addr) },
		Limits: Limits{PerAddress: 1e9, PerAddressBurst: 1e9, Total: 1e9, TotalBurst: 1e9, ConnsPerAddress: 4000, Conns: 4000, InHand: 1024},
	})
	if err != nil {
		return err
	}
	return s.Run(ctx)
}

// TestLoad sends requests at a fixed rate, beside slow clients that never finish
// a request, and reports latency, errors and the server's memory:
//
//	go test ./adapters/web -run TestLoad -load 60s -v
//
// The time of a request runs from when it was due, so that waiting in line counts.
func TestLoad(t *testing.T) {
	if *loadFor == 0 {
		t.Skip("run with -load 60s")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveLoad+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	defer end()
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	addr = strings.TrimSpace(addr)

	ctx, stop := context.WithTimeout(t.Context(), *loadFor)
	defer stop()
	var slow sync.WaitGroup
	var dropped atomic.Int64
	for range *loadSlow {
		slow.Go(func() { dawdle(ctx, addr, &dropped) })
	}

	memory := []int{rss(t, cmd.Process.Pid)}
	var watch sync.WaitGroup
	watch.Go(func() {
		ticks := time.NewTicker(*loadFor / 7)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				memory = append(memory, rss(t, cmd.Process.Pid))
			case <-ctx.Done():
				return
			}
		}
	})

	took, failed := hammer(ctx, addr)
	slow.Wait()
	watch.Wait()
	slices.Sort(took)
	at := func(p float64) time.Duration { return took[int(p*float64(len(took)-1))].Round(10 * time.Microsecond) }
	t.Logf("%d requests in %s (%.0f a second), %d errors, beside %d slow clients (dropped and back %d times)",
		len(took), *loadFor, float64(len(took))/loadFor.Seconds(), failed, *loadSlow, dropped.Load())
	t.Logf("p50 %s, p90 %s, p99 %s, p99.9 %s, longest %s", at(.5), at(.9), at(.99), at(.999), at(1))
	end()
	t.Logf("memory of the server (MiB): %v; its processor time: %.0f %% of one core", memory,
		100*(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Seconds()/loadFor.Seconds())
	if failed > 0 {
		t.Errorf("%d requests failed", failed)
	}
}

// hammer sends requests until ctx ends and returns how long each took.
func hammer(ctx context.Context, addr string) (took []time.Duration, failed int64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	questions := []string{
		"How does it work?", "who may benefit?", "what does it cost?", "How do I choose a provider?", "is it safe with lithium",
		"does it help with ptsd", "what does the research say", "can I drive after a session", "hello", "I want to die",
	}
	due := make(chan time.Time, 4096)
	var mu sync.Mutex
	var errs atomic.Int64
	var workers sync.WaitGroup
	for n := range 128 {
		workers.Go(func() {
			var mine []time.Duration
			for at := range due {
				n++
				if !askOnce(client, addr, questions[n%len(questions)], n) {
					errs.Add(1)
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	start := time.Now()
	for i := 0; ctx.Err() == nil; i++ {
		at := start.Add(time.Duration(i) * time.Second / time.Duration(*loadRate))
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	workers.Wait()
	return took, errs.Load()
}

// askOnce asks by the API, and each fifth time by the page.
func askOnce(client *http.Client, addr, q string, n int) bool {
	path, kind, sent := "/v1/ask", "application/json", fmt.Sprintf(`{"q":%q}`, q)
	if n%5 == 0 {
		path, kind, sent = "/ask", "application/x-www-form-urlencoded", "q="+strings.ReplaceAll(q, " ", "+")
	}
	res, err := client.Post("http://"+addr+path, kind, strings.NewReader(sent))
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}

// dawdle keeps a connection open, sends a header a byte at a time and never ends it;
// dropped, it comes back.
func dawdle(ctx context.Context, addr string, dropped *atomic.Int64) {
	for ctx.Err() == nil {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return
		}
		stop := context.AfterFunc(ctx, func() { c.Close() })
		_, err = io.WriteString(c, "POST /v1/ask HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		for err == nil && ctx.Err() == nil {
			_ = c.SetReadDeadline(time.Now().Add(time.Second))
			if _, err = c.Read(make([]byte, 512)); isTimeout(err) {
				_, err = c.Write([]byte{'x'})
			}
		}
		stop()
		c.Close()
		if ctx.Err() == nil {
			dropped.Add(1)
		}
	}
}

// rss is the resident memory of a process in MiB.
func rss(t *testing.T, pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kib int
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Errorf("read memory: %v", err)
	}
	return kib >> 10
}
