package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

// The paths that a manifest for HTTP names.
const (
	pathEvents        = "/slack/events"
	pathInteractivity = "/slack/interactivity"
	pathCommands      = "/slack/commands"
	pathInstall       = "/slack/install"
	pathOAuth         = "/slack/oauth"
)

// maxBody is the largest request that Slack is taken to send, in bytes.
const maxBody = 1 << 20

// listen serves HTTP until ctx ends, and then lets requests under way finish.
func (a *Adapter) listen(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.o.Listen)
	if err != nil {
		return wrap("listen", err)
	}
	return a.serve(ctx, l)
}

func (a *Adapter) serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: a.Handler(ctx), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return wrap("serve", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return wrap("stop", err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return wrap("serve", err)
	}
	return nil
}

// Handler takes what Slack posts: events, interactions and commands on whichever
// path, each with Slack's signature, and the pages for installing. The work that a
// request starts outlives it; ctx is where it belongs.
func (a *Adapter) Handler(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	d := &deliveries{a: a, ctx: ctx, seen: newRecent[string, struct{}](8192, 2*freshness)}
	if a.o.SigningSecret != "" {
		mux.Handle("POST /", d)
	}
	if a.o.Install != nil {
		mux.HandleFunc("GET "+pathInstall, a.install)
		mux.HandleFunc("GET "+pathOAuth, a.installedByOAuth)
	}
	return mux
}

// freshness is how old a signature may be. slack-go checks it.
const freshness = 5 * time.Minute

// deliveries takes signed requests.
type deliveries struct {
	a    *Adapter
	ctx  context.Context
	seen *recent[string, struct{}] // signatures of requests that were taken
}

func (d *deliveries) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "body too large or cut short", http.StatusRequestEntityTooLarge)
		return
	}
	if err := d.verify(r.Header, body); err != nil {
		d.a.counts.replayed.Add(1)
		http.Error(w, "signature refused", http.StatusUnauthorized)
		return
	}
	signature := r.Header.Get("X-Slack-Signature")
	if _, again := d.seen.get(signature); again {
		// Slack signs each attempt anew, so this is somebody else's copy.
		d.a.counts.replayed.Add(1)
		w.WriteHeader(http.StatusOK)
		return
	}
	e, err := unwrap(r.Header.Get("Content-Type"), body)
	if err != nil {
		d.a.counts.badMessages.Add(1)
		w.WriteHeader(http.StatusOK) // it will not get better when sent again
		return
	}
	if challenge := challengeIn(e); challenge != "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge)
		return
	}
	d.hand(w, e, signature)
}

func (d *deliveries) verify(h http.Header, body []byte) error {
	v, err := slack.NewSecretsVerifier(h, d.a.o.SigningSecret)
	if err != nil {
		return err
	}
	if _, err := v.Write(body); err != nil {
		return err
	}
	return v.Ensure()
}

// hand waits for the ticket and answers as it says.
func (d *deliveries) hand(w http.ResponseWriter, e envelope, signature string) {
	type verdict struct {
		ok      bool
		payload any
	}
	given := make(chan verdict, 1)
	e.ticket = newTicket(d.a.o.AckPatience, func(ok bool, payload any) { given <- verdict{ok, payload} })
	d.a.accept(d.ctx, e)
	v := <-given
	switch {
	case !v.ok:
		d.a.counts.refused.Add(1)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "busy", http.StatusServiceUnavailable)
	case v.payload != nil:
		d.seen.put(signature, struct{}{})
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(v.payload)
	default:
		d.seen.put(signature, struct{}{})
		w.WriteHeader(http.StatusOK)
	}
}

// unwrap tells the kinds of request apart by their form.
func unwrap(contentType string, body []byte) (envelope, error) {
	if contentType == "application/json" || len(body) > 0 && body[0] == '{' {
		return envelope{kind: kindEvent, payload: body}, nil
	}
	form, err := url.ParseQuery(string(body))
	switch {
	case err != nil:
		return envelope{}, errMalformed
	case form.Has("payload"):
		return envelope{kind: kindPressed, payload: []byte(form.Get("payload"))}, nil
	case form.Has("command"):
		fields := map[string]string{}
		for k := range form {
			fields[k] = form.Get(k)
		}
		payload, err := json.Marshal(fields)
		return envelope{kind: kindSlash, payload: payload}, err
	default:
		return envelope{}, errors.New("slack: a form that is no interaction and no command")
	}
}

func challengeIn(e envelope) string {
	if e.kind != kindEvent {
		return ""
	}
	p, err := decode[eventPayload](e.payload)
	if err != nil || p.Type != "url_verification" {
		return ""
	}
	return cut(p.Challenge, 1000)
}
