package gateway_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"kapbot/adapters/discord/discordfake"
)

// The faults of discordgo v0.29.0 that this package exists for. Each runs in a
// process of its own, because a session that has locked itself up never lets its goroutines go.
var plainFaults = map[string]func(*discordfake.Server, *discordgo.Session) string{
	"op 7 answers resume": func(s *discordfake.Server, d *discordgo.Session) string {
		openPlain(s, d)
		resetPlain(s, discordfake.Script{Instead: []discordfake.Frame{discordfake.Reconnect}})
		return lockedUp("(*Session).Open", "(*Session).CloseWithCode")
	},
	"op 11 before ready": func(s *discordfake.Server, d *discordgo.Session) string {
		s.Script(discordfake.Script{Before: []discordfake.Frame{discordfake.Ack}})
		go d.Open()
		return lockedUp("(*Session).Open", "(*Session).onEvent")
	},
	"no hello: close hangs": func(s *discordfake.Server, d *discordgo.Session) string {
		s.Script(discordfake.Script{NoHello: true})
		go d.Open()
		waitPlain(func() bool { return len(s.Sockets()) == 1 })
		go d.Close()
		return lockedUp("(*Session).Close")
	},
	"zombie loses its session": func(s *discordfake.Server, d *discordgo.Session) string {
		openPlain(s, d)
		k := s.Sockets()[0]
		k.Freeze()
		waitPlain(k.Closed)
		waitPlain(func() bool { return s.Starts() == 2 })
		if k.ClientCode() != 1000 {
			return fmt.Sprintf("closed with %d", k.ClientCode())
		}
		return "shown"
	},
}

func TestPlainDiscordgoFails(t *testing.T) {
	for name := range plainFaults {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPlainProcess$")
			cmd.Env = append(os.Environ(), "PLAIN_FAULT="+name)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "fault shown") {
				t.Errorf("discordgo no longer shows this fault: look whether our defence is still needed\n%v\n%s", err, out)
			}
		})
	}
}

// TestPlainProcess is the process that TestPlainDiscordgoFails starts.
func TestPlainProcess(t *testing.T) {
	fault := plainFaults[os.Getenv("PLAIN_FAULT")]
	if fault == nil {
		t.Skip("started by TestPlainDiscordgoFails")
	}
	s, err := discordfake.Start(discordfake.Config{Heartbeat: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	d, err := discordgo.New("Bot " + s.Token())
	if err != nil {
		t.Fatal(err)
	}
	d.Client.Transport = toFake(s.APIURL())
	if got := fault(s, d); got == "shown" {
		fmt.Println("fault shown")
		os.Exit(0)
	} else {
		fmt.Println(got)
		os.Exit(1)
	}
}

// toFake sends what is meant for discord.com to the fake.
type toFake string

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(string(f))
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, base.Host
	return http.DefaultTransport.RoundTrip(r)
}

func openPlain(s *discordfake.Server, d *discordgo.Session) {
	d.Identify.Intents = intents
	d.LogLevel = -1
	if err := d.Open(); err != nil {
		panic(err)
	}
	waitPlain(func() bool { return len(s.Sockets()) == 1 && s.Sockets()[0].Shard() == 0 })
}

func resetPlain(s *discordfake.Server, next discordfake.Script) {
	s.Script(next)
	s.Sockets()[0].Reset()
}

func waitPlain(ok func() bool) {
	for end := time.Now().Add(patience); !ok() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// lockedUp looks for one goroutine that has all of the frames on its stack and waits for
// a lock that it cannot get any more.
func lockedUp(frames ...string) string {
	var all string
	found := false
	waitPlain(func() bool {
		buf := make([]byte, 1<<20)
		all = string(buf[:runtime.Stack(buf, true)])
		for _, g := range strings.Split(all, "\n\n") {
			has := strings.Contains(g, "sync.RWMutex.Lock") || strings.Contains(g, "sync.Mutex.Lock")
			for _, f := range frames {
				has = has && strings.Contains(g, f)
			}
			found = found || has
		}
		return found
	})
	if !found {
		return "no goroutine is locked up:\n" + all
	}
	return "shown"
}
