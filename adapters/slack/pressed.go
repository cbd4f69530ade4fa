package slack

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"kapbot/bot"
	"kapbot/bot/engine"
)

// pressed reads an interaction: a button, a shortcut or a submitted modal.
func (a *Adapter) pressed(e envelope) (origin, string, func(context.Context, *workspace)) {
	p, err := decode[interaction](e.payload)
	if err != nil || p.User.ID == "" || p.TriggerID == "" {
		a.counts.badMessages.Add(1)
		return origin{}, "", nil
	}
	from := origin{team: p.Team.ID, enterprise: p.Enterprise.ID, orgWide: p.OrgWide}
	on := func(f func(context.Context, *workspace, interaction, *ticket)) (origin, string, func(context.Context, *workspace)) {
		return from, "person " + p.User.ID, func(ctx context.Context, w *workspace) { f(ctx, w, p, e.ticket) }
	}
	switch p.Type {
	case "block_actions":
		if len(p.Actions) > 0 {
			return on(a.acted)
		}
	case "message_action":
		if p.CallbackID == shortcutID {
			return on(a.preview)
		}
	case "view_submission":
		if p.View.CallbackID == previewID {
			return on(a.submitted)
		}
	}
	return origin{}, "", nil
}

// acted does what a button says.
func (a *Adapter) acted(ctx context.Context, w *workspace, p interaction, t *ticket) {
	act := p.Actions[0]
	press, _, _ := strings.Cut(act.ID, ":")
	do := func(f func(context.Context, *workspace, interaction, action) error) {
		a.job(ctx, w, t, func(ctx context.Context) error { return f(ctx, w, p, act) })
	}
	switch press {
	case pressTopic:
		a.showTopic(ctx, w, p, act.Value, t, false)
	case pressPick:
		a.showTopic(ctx, w, p, act.Value, t, true)
	case pressPeek, pressEvidence, pressChecklist:
		do(a.peek)
	case pressRate:
		do(a.rate)
	case pressReason:
		do(a.reason)
	case pressShare:
		do(a.share)
	case pressDelete:
		do(a.deleteOwn)
	case pressTick:
		do(a.tick)
	case pressPrivate:
		do(a.sendPreview)
	default:
		a.counts.ignored.Add(1)
		t.ack()
	}
}

// channelOf and messageOf say where the pressed button stands. The payload of a
// message that only one person sees has no message.
func (p interaction) channelOf() string {
	if p.Channel.ID != "" {
		return p.Channel.ID
	}
	return p.Container.ChannelID
}

func (p interaction) messageOf() string {
	if p.Message.TS != "" {
		return p.Message.TS
	}
	return p.Container.MessageTS
}

func (p interaction) threadOf() string {
	switch {
	case p.Message.ThreadTS != "":
		return p.Message.ThreadTS
	case p.Container.ThreadTS != "":
		return p.Container.ThreadTS
	default:
		return p.messageOf()
	}
}

// showTopic answers with a topic: in the thread, or in place of the message.
func (a *Adapter) showTopic(ctx context.Context, w *workspace, p interaction, topic string, t *ticket, replace bool) {
	channel, direct := p.channelOf(), strings.HasPrefix(p.channelOf(), "D")
	q := question{
		id: "pressed " + p.TriggerID, user: p.User.ID, channel: channel, thread: p.threadOf(), direct: direct,
		conversation: talk(channel, message{TS: p.threadOf()}, direct), respond: a.topicReply(topic),
	}
	switch {
	case p.Container.Ephemeral:
		q.conversation = channel + "/" + p.User.ID
		q.deliver = func(ctx context.Context, r bot.Reply) error {
			d := arrange(r, a.words().Labels, picture{press: pressPick, shareable: !direct})
			return a.respond(ctx, p.ResponseURL, d, inPlace)
		}
	case replace:
		q.deliver = func(ctx context.Context, r bot.Reply) error {
			d := arrange(r, a.words().Labels, picture{press: pressTopic, asker: askerOf(p)})
			return a.update(ctx, w, channel, p.messageOf(), d)
		}
	}
	a.ask(ctx, w, q, t)
}

// askerOf reads from the delete button who may press it.
func askerOf(p interaction) string {
	blocks, err := decode[[]struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	}](p.Message.Blocks)
	if err != nil {
		return ""
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if e.ActionID == pressDelete {
				return e.Value
			}
		}
	}
	return ""
}

// rate keeps what a person thinks of an answer. Who says that it did not help is
// asked why, with a few reasons to press; there is nowhere to type.
func (a *Adapter) rate(ctx context.Context, w *workspace, p interaction, act action) error {
	verdict, topic, _ := strings.Cut(act.Value, " ")
	helpful := verdict == "up"
	answer := answerOf(w, p)
	if err := a.o.Engine.Rate(ctx, Name, w.id+"/"+p.User.ID, answer, engine.Rating{Topic: topic, Helpful: helpful}); err != nil {
		return wrap("keep rating", err)
	}
	d := draw(a.o.Bot.Rated())
	if !helpful {
		var row []slack.BlockElement
		for _, reason := range engine.Reasons() {
			if label := a.words().Labels.Reasons[string(reason)]; label != "" {
				row = append(row, button(pressReason+":"+string(reason), answer+" "+topic, label))
			}
		}
		if len(row) > 0 {
			d.add(paragraph([]bot.Span{{Text: a.words().Labels.Why}})...)
			d.add(slack.NewActionBlock("", row...))
		}
	}
	return a.tell(ctx, w, p, d)
}

// answerOf names the rated message, so that a person who changes their mind is
// counted once.
func answerOf(w *workspace, p interaction) string {
	return w.id + "/" + p.channelOf() + "/" + p.messageOf()
}

// reason keeps why an answer did not help, in place of the rating without one.
func (a *Adapter) reason(ctx context.Context, w *workspace, p interaction, act action) error {
	_, reason, _ := strings.Cut(act.ID, ":")
	answer, topic, _ := strings.Cut(act.Value, " ")
	if err := a.o.Engine.Rate(ctx, Name, w.id+"/"+p.User.ID, answer, engine.Rating{Topic: topic, Reason: engine.Reason(reason)}); err != nil {
		return wrap("keep rating", err)
	}
	return a.respond(ctx, p.ResponseURL, draw(a.o.Bot.Rated()), inPlace)
}

// tell says something to the person who pressed, and to nobody else.
func (a *Adapter) tell(ctx context.Context, w *workspace, p interaction, d *drawing) error {
	thread := ""
	if p.Message.ThreadTS != "" || p.Container.ThreadTS != "" {
		thread = p.threadOf()
	}
	return a.whisper(ctx, w, p.channelOf(), p.User.ID, thread, d)
}

// share puts an answer that one person sees into the channel, and takes away the
// private copy.
func (a *Adapter) share(ctx context.Context, w *workspace, p interaction, act action) error {
	r, ok := a.o.Bot.Show(act.Value)
	if !ok {
		return a.respond(ctx, p.ResponseURL, draw(r), inPlace)
	}
	d := arrange(r, a.words().Labels, picture{press: pressTopic, asker: p.User.ID})
	if err := a.respond(ctx, p.ResponseURL, d, toChannel); err != nil {
		return err
	}
	return a.withdraw(ctx, p.ResponseURL)
}

// deleteOwn takes an answer away for its asker.
func (a *Adapter) deleteOwn(ctx context.Context, w *workspace, p interaction, act action) error {
	if act.Value != p.User.ID {
		return a.tell(ctx, w, p, draw(a.o.Bot.NotYours()))
	}
	return a.remove(ctx, w, p.channelOf(), p.messageOf())
}

// tick shows what is left to ask about.
func (a *Adapter) tick(ctx context.Context, w *workspace, p interaction, _ action) error {
	ticked := tickedIn(p.State)
	if len(p.View.State.Values) > 0 {
		ticked = tickedIn(p.View.State)
	}
	r := a.o.Bot.Missing(ticked)
	d := draw(r).add(checkboxes(a.o.Bot.Checklist(), ticked)...)
	switch {
	case p.View.ID != "":
		_, err := w.api.UpdateViewContext(ctx, a.modal(a.words().Labels.Checklist, d), "", "", p.View.ID)
		return wrap("update checklist", err)
	case p.Container.Ephemeral:
		return a.respond(ctx, p.ResponseURL, d, inPlace)
	default:
		return a.update(ctx, w, p.channelOf(), p.messageOf(), d)
	}
}
