package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxBody bounds an interaction; a message that is picked to be answered is a few kilobytes.
const maxBody = 256 << 10

// Handler is the endpoint for interactions over HTTP, for a server of one's
// own. Each request is checked: its size, its age, and Discord's signature.
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.Error(w, "Discord posts here", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
			return
		}
		if !a.signed(r.Header, body) {
			http.Error(w, "the signature is not Discord's", http.StatusUnauthorized)
			return
		}
		var i interaction
		if json.Unmarshal(body, &i) != nil {
			http.Error(w, "the body is no interaction", http.StatusBadRequest)
			return
		}
		if i.Type == interactionPing {
			respondWith(w, callback{Type: respondPong})
			return
		}
		a.receive(w, r, i)
	})
}

// signed checks that Discord signed the request, and lately.
func (a *Adapter) signed(h http.Header, body []byte) bool {
	stamp := h.Get("X-Signature-Timestamp")
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > a.o.Fresh {
		return false
	}
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize || len(a.key) != ed25519.PublicKeySize {
		return false
	}
	return ed25519.Verify(a.key, append([]byte(stamp), body...), signature)
}

// errAnswered says that the request's answer is gone already.
var errAnswered = errors.New("the request was answered")

// receive handles an interaction and gives its first answer as the request's
// own. The responder acknowledges in time, so this never waits three seconds.
func (a *Adapter) receive(w http.ResponseWriter, r *http.Request, i interaction) {
	answers := make(chan callback)
	gone := make(chan struct{})
	defer close(gone)
	f := func(ctx context.Context, _ *interaction, c callback) error {
		select {
		case answers <- c:
			return nil
		case <-gone:
			return errAnswered
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := a.interact(r.Context(), i, f, func() func() { return func() {} }); err != nil {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	patience := time.NewTimer(2 * a.o.Defer)
	defer patience.Stop()
	select {
	case c := <-answers:
		respondWith(w, c)
	case <-patience.C:
		http.Error(w, "no answer", http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}

func respondWith(w http.ResponseWriter, c callback) {
	raw, err := json.Marshal(c)
	if err != nil {
		http.Error(w, "no answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(raw)
}

// serve runs the endpoint until ctx ends.
func (a *Adapter) serve(ctx context.Context) error {
	s := &http.Server{Addr: a.o.Listen, Handler: a.Handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	ended := make(chan error, 1)
	go func() { ended <- s.ListenAndServe() }()
	select {
	case err := <-ended:
		return fmt.Errorf("listen on %s: %w", a.o.Listen, err)
	case <-ctx.Done():
	}
	parting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	s.Shutdown(parting)
	s.Close()
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("close %s: %w", a.o.Listen, err)
	}
	return nil
}
