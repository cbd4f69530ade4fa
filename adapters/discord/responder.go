package discord

import (
	"context"
	"net/http"
	"sync"
	"time"

	"kapbot/adapters/discord/render"
	"kapbot/adapters/discord/rest"
)

// Types of an interaction's first answer.
const (
	respondPong        = 1
	respondMessage     = 4
	respondLater       = 5 // "is thinking"
	respondUpdateLater = 6
	respondUpdate      = 7
	respondChoices     = 8
)

// callback is the first answer to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// first sends the first answer: over REST, or in the answer to Discord's own request.
type first func(ctx context.Context, i *interaction, c callback) error

// responder answers one interaction: at once if it can, and otherwise it says
// in time that an answer is coming and sends it later.
type responder struct {
	a      *Adapter
	i      *interaction
	first  first
	update bool // change the message whose button was pressed
	public bool

	mu    sync.Mutex
	sent  bool // Discord has a first answer
	timer *time.Timer
}

// watch starts the clock: what is not answered when it rings is acknowledged.
func (r *responder) watch(arrived time.Time) {
	r.timer = time.AfterFunc(time.Until(arrived.Add(r.a.o.Defer)), func() { r.a.beside(r.later) })
}

// later acknowledges the interaction if it has no answer yet.
func (r *responder) later(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent {
		return
	}
	c := callback{Type: respondLater}
	if r.update {
		c.Type = respondUpdateLater
	} else if !r.public {
		c.Data = map[string]int{"flags": flagEphemeral}
	}
	err := r.first(ctx, r.i, c)
	r.sent = err == nil || rest.Code(err) == rest.CodeAcknowledged
	if !r.sent {
		r.a.o.Log.Warn("interaction not acknowledged", "error", err)
	}
}

// answer sends the answer, whichever way is open.
func (r *responder) answer(ctx context.Context, m render.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer.Stop()
	if !r.sent {
		err := r.begin(ctx, m)
		switch rest.Code(err) {
		case rest.CodeAcknowledged: // an earlier try, or an earlier owner, got through
			r.sent = true
		case rest.CodeUnknownInteraction:
			r.a.o.Log.Warn("interaction expired before it could be answered")
			return nil
		default:
			r.sent = err == nil
			return err
		}
	}
	return r.edit(ctx, m)
}

// begin sends the message as the first answer.
func (r *responder) begin(ctx context.Context, m render.Message) error {
	kind := respondMessage
	if r.update {
		kind = respondUpdate
	} else if !r.public {
		m = m.Ephemeral()
	}
	err := r.first(ctx, r.i, callback{Type: kind, Data: m})
	if rest.Code(err) == rest.CodeInvalidForm {
		err = r.first(ctx, r.i, callback{Type: kind, Data: m.AsPlain()})
	}
	return err
}

// edit fills in the answer that was announced. Doing it twice does no harm.
func (r *responder) edit(ctx context.Context, m render.Message) error {
	path := r.a.webhook(r.i) + "/messages/@original"
	err := r.a.api.Do(ctx, rest.Request{Method: http.MethodPatch, Path: path, Body: m}, nil)
	if rest.Code(err) == rest.CodeInvalidForm {
		err = r.a.api.Do(ctx, rest.Request{Method: http.MethodPatch, Path: path, Body: m.AsPlain()}, nil)
	}
	if expired(err) {
		return nil
	}
	return err
}

// keepPrivate makes the answer one that only the person sees. If a public one
// was announced already, that is taken back and the answer follows it.
func (r *responder) keepPrivate(ctx context.Context, m render.Message) error {
	r.mu.Lock()
	was := r.public
	announced := r.sent && was
	r.public = false
	r.mu.Unlock()
	if !announced {
		return r.answer(ctx, m)
	}
	err := r.follow(ctx, m.Ephemeral())
	if err == nil {
		_ = r.a.api.Do(ctx, rest.Request{Method: http.MethodDelete, Path: r.a.webhook(r.i) + "/messages/@original"}, nil)
	}
	return err
}

// follow sends a further message after the first answer.
func (r *responder) follow(ctx context.Context, m render.Message) error {
	err := r.a.api.Do(ctx, rest.Request{Method: http.MethodPost, Path: r.a.webhook(r.i), Body: m}, nil)
	if expired(err) {
		return nil
	}
	return err
}

func expired(err error) bool {
	code := rest.Code(err)
	return code == rest.CodeUnknownWebhook || code == rest.CodeUnknownInteraction || code == rest.CodeUnknownMessage
}

func (a *Adapter) webhook(i *interaction) string {
	return "webhooks/" + a.o.ApplicationID + "/" + i.Token
}

// callback sends the first answer over REST. Two short tries fit into the time
// that Discord allows; the second is refused if the first got through.
func (a *Adapter) callback(ctx context.Context, i *interaction, c callback) error {
	var err error
	for range 2 {
		short, cancel := context.WithTimeout(ctx, a.o.Defer/2+100*time.Millisecond)
		err = a.api.Do(short, rest.Request{Method: http.MethodPost, Path: "interactions/" + i.ID + "/" + i.Token + "/callback", Body: c, Repeatable: true}, nil)
		cancel()
		if err == nil || rest.Code(err) != 0 || ctx.Err() != nil {
			return err
		}
	}
	return err
}
