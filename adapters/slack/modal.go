package slack

import (
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// The ids of the message shortcut and of the modal that it opens.
const (
	shortcutID = "answer_with_kap"
	previewID  = "preview"
)

// previews holds the replies that people look at in a modal before they send
// them, for half an hour and in memory only.
type previews struct {
	shown *recent[string, preview]
}

type preview struct {
	reply    bot.Reply
	question question
}

func newPreviews() *previews {
	return &previews{shown: newRecent[string, preview](1024, 30*time.Minute)}
}

// modal draws a reply as a modal.
func (a *Adapter) modal(title string, d *drawing) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(cut(title, maxViewTitle)), Close: plain(cut(a.words().Labels.Cancel, maxViewTitle)),
		Blocks: slack.Blocks{BlockSet: d.blocks(maxViewBlocks)},
	}
}

// preview answers a message shortcut: the bot's reply to somebody's message, in a
// modal, to be posted to the thread or sent to oneself. A reply that belongs to
// one person alone cannot be posted from here.
func (a *Adapter) preview(ctx context.Context, w *workspace, p interaction, t *ticket) {
	thread := root(p.Message)
	q := question{
		id: "shortcut " + p.TriggerID, text: p.Message.Text, user: p.User.ID, about: p.Message.User, channel: p.Channel.ID, ts: p.Message.TS, thread: thread,
		conversation: "shortcut/" + p.User.ID, direct: strings.HasPrefix(p.Channel.ID, "D"),
	}
	ask := q
	ask.deliver = func(ctx context.Context, r bot.Reply) error {
		d := arrange(r, a.words().Labels, picture{press: pressPeek})
		d.add(slack.NewActionBlock("private", button(pressPrivate, "private", a.words().Labels.SendPrivate)))
		view := a.modal(a.words().Labels.Title, d)
		view.CallbackID = previewID
		if !r.Private() && !r.Kind().Urgent() {
			view.Submit = plain(cut(a.words().Labels.Post, maxViewTitle))
		}
		opened, err := w.api.OpenViewContext(ctx, p.TriggerID, view)
		if err != nil {
			return err
		}
		a.previews.shown.put(opened.ID, preview{reply: r, question: q})
		return nil
	}
	a.ask(ctx, w, ask, t)
}

// submitted posts a previewed reply to the thread of the message.
func (a *Adapter) submitted(ctx context.Context, w *workspace, p interaction, t *ticket) {
	shown, ok := a.previews.shown.take(p.View.ID)
	if !ok {
		view := a.modal(a.words().Labels.Title, draw(a.o.Bot.Failure()))
		t.answer(slack.NewUpdateViewSubmissionResponse(&view))
		return
	}
	a.job(ctx, w, t, func(ctx context.Context) error {
		shown.question.id = "submitted " + p.TriggerID
		err := a.postAnswer(ctx, w, shown.question, shown.reply)
		if permanent(err) { // the bot is not in the channel
			d := arrange(shown.reply, a.words().Labels, picture{press: pressTopic})
			return a.postDirect(ctx, w, p.User.ID, d)
		}
		return err
	})
}

// sendPreview sends a previewed reply to the person who asked for it.
func (a *Adapter) sendPreview(ctx context.Context, w *workspace, p interaction, _ action) error {
	shown, ok := a.previews.shown.get(p.View.ID)
	r := a.o.Bot.Failure()
	if ok {
		r = shown.reply
	}
	if err := a.postDirect(ctx, w, p.User.ID, arrange(r, a.words().Labels, picture{press: pressTopic})); err != nil {
		return err
	}
	view := a.modal(a.words().Labels.Title, draw(a.o.Bot.Sent()))
	_, err := w.api.UpdateViewContext(ctx, view, "", "", p.View.ID)
	return wrap("update preview", err)
}

// peek shows a topic, the studies or the checklist in a modal: over the App Home,
// or on top of another modal.
func (a *Adapter) peek(ctx context.Context, w *workspace, p interaction, act action) error {
	labels := a.words().Labels
	press, _, _ := strings.Cut(act.ID, ":")
	var r bot.Reply
	title := labels.Title
	switch press {
	case pressEvidence:
		r, title = a.o.Bot.Evidence(""), labels.Evidence
	case pressChecklist:
		r, title = a.o.Bot.Checklist(), labels.Checklist
	default:
		r, _ = a.o.Bot.Show(act.Value)
	}
	view := a.modal(title, arrange(r, labels, picture{press: pressPeek, ticks: press == pressChecklist}))
	var err error
	if p.View.Type == "modal" {
		_, err = w.api.UpdateViewContext(ctx, view, "", "", p.View.ID)
	} else {
		_, err = w.api.OpenViewContext(ctx, p.TriggerID, view)
	}
	return wrap("show modal", err)
}
