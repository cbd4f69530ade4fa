package discord_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
	"kapbot/bot/engine"
)

// endpoint is a bot that Discord calls over HTTP.
type endpoint struct {
	*world
	url    string
	signer *discordfake.Signer
	use    discordfake.Use
}

func overHTTP(t *testing.T, changes ...change) endpoint {
	t.Helper()
	signer, err := discordfake.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	s := fake(t, discordfake.Config{})
	changes = append([]change{func(o *discord.Options) {
		o.Mode, o.Listen, o.PublicKey = discord.ModeHTTP, "127.0.0.1:0", signer.Public
	}}, changes...)
	w := replica(t, s, engine.NewMemory(), changes...)
	server := httptest.NewServer(w.adapter.Handler())
	t.Cleanup(server.Close)
	g := s.NewGuild("a community")
	return endpoint{w, server.URL, signer, discordfake.Use{User: s.NewUser("ann"), Channel: s.NewChannel(g, discordfake.TextChannel, "", "general")}}
}

func TestPing(t *testing.T) {
	w := overHTTP(t)
	r, err := w.signer.Request(w.url, []byte(`{"id":"1","type":1,"token":"x"}`), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if status, body := send(t, r); status != http.StatusOK || strings.TrimSpace(body) != `{"type":1}` {
		t.Errorf("answered %d %s", status, body)
	}
}

func send(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	var b bytes.Buffer
	b.ReadFrom(res.Body)
	return res.StatusCode, b.String()
}

// What Discord did not sign, or not lately, is refused before it is read.
func TestForgeriesAreRefused(t *testing.T) {
	w := overHTTP(t)
	body := []byte(`{"id":"1","type":1,"token":"x"}`)
	for name, c := range map[string]struct {
		at     time.Time
		change func(r *http.Request)
		status int
	}{
		"an old one":      {time.Now().Add(-6 * time.Minute), nil, 401},
		"one to come":     {time.Now().Add(6 * time.Minute), nil, 401},
		"no signature":    {time.Now(), func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }, 401},
		"a short one":     {time.Now(), func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "00ff") }, 401},
		"not hexadecimal": {time.Now(), func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("zz", 64)) }, 401},
		"another time":    {time.Now(), func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "1700000000") }, 401},
		"no time":         {time.Now(), func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "soon") }, 401},
		"another body":    {time.Now(), func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }, 401},
		"a GET":           {time.Now(), func(r *http.Request) { r.Method = http.MethodGet }, 405},
	} {
		r, err := w.signer.Request(w.url, body, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if c.change != nil {
			c.change(r)
		}
		if status, _ := send(t, r); status != c.status {
			t.Errorf("%s: answered %d, want %d", name, status, c.status)
		}
	}
	large, err := w.signer.Request(w.url, bytes.Repeat([]byte(" "), 1<<20), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, large); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a megabyte: answered %d", status)
	}
	broken, err := w.signer.Request(w.url, []byte("{"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, broken); status != http.StatusBadRequest {
		t.Errorf("no JSON: answered %d", status)
	}
}

func TestCommandOverHTTP(t *testing.T) {
	w := overHTTP(t)
	id, status, err := w.PostInteraction(w.signer, w.url, w.use, 2, map[string]any{"name": "kap", "type": 1, "options": []any{map[string]any{"name": "topics", "type": 1}}})
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if r := w.response(id, 1); r.Type != 4 || !r.Ephemeral {
		t.Errorf("answered with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestSlowCommandOverHTTP(t *testing.T) {
	gate := make(chan struct{})
	w := overHTTP(t, lateBy(gate))
	id, status, err := w.PostInteraction(w.signer, w.url, w.use, 2, map[string]any{"name": "kap", "type": 1, "options": []any{map[string]any{"name": "topics", "type": 1}}})
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if r := w.response(id, 1); r.Type != 5 {
		t.Errorf("announced with type %d", r.Type)
	}
	close(gate)
	w.response(id, 2)
	http.DefaultClient.CloseIdleConnections()
}

func TestEndpointNeedsItsKey(t *testing.T) {
	for _, key := range []string{"", "00", strings.Repeat("0", 63), strings.Repeat("x", 64)} {
		_, err := discord.New(discord.Options{Token: "t", ApplicationID: "1", Mode: discord.ModeHTTP, Listen: ":0", PublicKey: key,
			Bot: theBot(), Engine: &engine.Engine{}, Store: engine.NewMemory()})
		if err == nil || !strings.Contains(err.Error(), "public_key") {
			t.Errorf("key %q: %v", key, err)
		}
	}
}
