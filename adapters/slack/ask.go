package slack

import (
	"context"
	"errors"
	"time"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// question is what a person asked, and where the reply belongs.
type question struct {
	id           string // the event's, for the engine and the message's metadata
	text         string // as Slack has it, with markup
	user         string // who asked
	about        string // who wrote the text, if that is someone else
	channel      string
	ts           string // the question's own message, or ""
	thread       string // the thread that the reply goes to
	conversation string
	direct       bool
	unaddressed  bool // speak only when certain
	urgentOnly   bool // speak only when someone is in danger
	edit         bool // change the reply to ts, if there is one
	respond      func(context.Context, bot.Conversation) (bot.Reply, bot.Conversation)
	// deliver sends the reply where a thread would be wrong; nil posts to the thread.
	deliver func(context.Context, bot.Reply) error
}

// ask submits a question and gives the ticket when it has settled.
func (a *Adapter) ask(ctx context.Context, w *workspace, q question, t *ticket) {
	a.attempt(ctx, w, q, t, 0)
}

func (a *Adapter) attempt(ctx context.Context, w *workspace, q question, t *ticket, tries int) {
	s := a.newStatus(w, q)
	err := a.o.Engine.Submit(ctx, engine.Event{
		Adapter: Name, ID: q.id, Workspace: w.id, Conversation: w.id + "/" + q.conversation,
		Person: within(w, q.user), Channel: within(w, q.channel),
		Message:     bot.Message{Text: typed(q.text), Direct: q.direct},
		Unaddressed: q.unaddressed, Respond: q.respond,
		Deliver: func(ctx context.Context, r bot.Reply) error {
			defer s.done()
			if q.urgentOnly && !r.Kind().Urgent() {
				return nil
			}
			return a.deliver(ctx, w, q, r)
		},
		Delivered: a.deliveredBefore(w, q),
		Settled: func(o engine.Outcome) {
			s.stop()
			if o.Acknowledge() {
				t.ack()
				return
			}
			a.tryAgain(w, q, t, tries)
		},
	})
	if err == nil {
		return
	}
	s.stop()
	if errors.Is(err, engine.ErrFull) || errors.Is(err, engine.ErrClosed) {
		a.tryAgain(w, q, t, tries)
		return
	}
	t.ack() // it could never be taken
}

// within names someone or something of a workspace; "" is nobody, whom no rate limits.
func within(w *workspace, id string) string {
	if id == "" {
		return ""
	}
	return w.id + "/" + id
}

// tryAgain leaves the question to Slack, which sends it again, or, if Slack was told
// already that it arrived, asks once more after a while.
func (a *Adapter) tryAgain(w *workspace, q question, t *ticket, tries int) {
	if t.refuse() || tries >= len(a.o.Again) {
		return
	}
	time.AfterFunc(a.o.Again[tries], func() { a.attempt(context.Background(), w, q, t, tries+1) })
}

// deliver sends a reply to where it belongs.
func (a *Adapter) deliver(ctx context.Context, w *workspace, q question, r bot.Reply) error {
	if err := a.send(ctx, w, q, r); err != nil {
		return err
	}
	if r.Alert() && a.o.AlertChannel != "" {
		a.alert(ctx, w, q)
	}
	return nil
}

func (a *Adapter) send(ctx context.Context, w *workspace, q question, r bot.Reply) error {
	switch {
	case q.deliver != nil:
		return q.deliver(ctx, r)
	case q.edit:
		return a.replace(ctx, w, q, r)
	case r.Private() && !q.direct:
		return a.sendPrivately(ctx, w, q, r)
	default:
		return a.postAnswer(ctx, w, q, r)
	}
}

// postAnswer posts a reply into the question's thread, once.
func (a *Adapter) postAnswer(ctx context.Context, w *workspace, q question, r bot.Reply) error {
	d := arrange(r, a.words().Labels, picture{asker: q.user, press: pressTopic})
	err := a.postOnce(ctx, w, q, d)
	if err == nil {
		a.threads.spoke(w, q.channel, q.thread)
	}
	return err
}

// replace changes the answer to an edited question. If the new answer is a private
// one, the old one goes and the new one is shown to its asker alone.
func (a *Adapter) replace(ctx context.Context, w *workspace, q question, r bot.Reply) error {
	if r.Private() && !q.direct {
		if err := a.removeAnswers(ctx, w, q.channel, q.thread, q.ts); err != nil {
			return err
		}
		return a.sendPrivately(ctx, w, q, r)
	}
	own, err := a.find(ctx, w, q.channel, q.thread, func(m metadata) bool { return m.Payload.Question == q.ts })
	if err != nil {
		return err
	}
	if len(own) == 0 {
		if q.direct || r.Kind().Urgent() || mentions(q.text, w.botUser) {
			return a.postAnswer(ctx, w, q, r)
		}
		return nil
	}
	d := arrange(r, a.words().Labels, picture{asker: q.user, press: pressTopic})
	return a.update(ctx, w, q.channel, own[0], d)
}

// sendPrivately shows a reply to its asker alone: in the channel, where they are
// looking, and else in a direct message. If neither can be done, someone in danger
// is answered in the thread: better seen than not answered.
func (a *Adapter) sendPrivately(ctx context.Context, w *workspace, q question, r bot.Reply) error {
	d := arrange(r, a.words().Labels, picture{press: pressTopic})
	inThread := ""
	if q.thread != q.ts {
		inThread = q.thread
	}
	err := a.whisper(ctx, w, q.channel, q.user, inThread, d)
	if err == nil || !permanent(err) {
		return err
	}
	if err = a.postDirect(ctx, w, q.user, d); err == nil || !permanent(err) {
		return err
	}
	return a.postAnswer(ctx, w, q, r)
}

// alert asks the moderators to look in on someone. It says who and where, never
// what was said. That it fails must not undo the reply.
func (a *Adapter) alert(ctx context.Context, w *workspace, q question) {
	d := draw(a.o.Bot.Alert())
	who := q.user
	if q.about != "" {
		who = q.about
	}
	d.add(whoAndWhere(who, q.channel, q.direct))
	if err := a.postPlain(ctx, w, a.o.AlertChannel, d); err != nil {
		a.o.Log.Error("slack alert not sent", "cause", cause(err))
	}
}

// deliveredBefore returns the look for a reply that an earlier owner posted. What
// only one person sees leaves no trace, and nil says so.
func (a *Adapter) deliveredBefore(w *workspace, q question) func(context.Context) (bool, error) {
	if q.deliver != nil || q.thread == "" || q.edit {
		return nil
	}
	return func(ctx context.Context) (bool, error) {
		own, err := a.find(ctx, w, q.channel, q.thread, func(m metadata) bool { return m.Payload.EventID == q.id })
		return len(own) > 0, err
	}
}
