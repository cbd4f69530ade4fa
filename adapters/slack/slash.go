package slack

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// slash reads a slash command: "/kap question", or "/kap" with nothing, "topics",
// "evidence [condition]" or "checklist". The answer is seen by its asker alone.
func (a *Adapter) slash(e envelope) (origin, string, func(context.Context, *workspace)) {
	c, err := decode[command](e.payload)
	if err != nil || c.UserID == "" || c.ChannelID == "" {
		a.counts.badMessages.Add(1)
		return origin{}, "", nil
	}
	from := origin{team: c.TeamID, enterprise: c.EnterpriseID, orgWide: c.OrgWide == "true"}
	conversation := c.ChannelID + "/" + c.UserID
	return from, conversation, func(ctx context.Context, w *workspace) {
		q := question{
			id: "command " + c.TriggerID, text: c.Text, user: c.UserID, channel: c.ChannelID, conversation: conversation, direct: true,
			respond: a.subcommand(c.Text),
		}
		if c.TriggerID == "" {
			e.ticket.ack()
			return
		}
		q.deliver = func(ctx context.Context, r bot.Reply) error { return a.answerCommand(ctx, w, c, r) }
		a.ask(ctx, w, q, a.commandTicket(e.ticket))
	}
}

// commandTicket gives a ticket that, refused, tells the person so at once: Slack
// does not send a command again.
func (a *Adapter) commandTicket(t *ticket) *ticket {
	return newTicket(a.o.AckPatience, func(ok bool, payload any) {
		if ok {
			t.answer(payload)
			return
		}
		d := draw(a.o.Bot.Failure())
		t.answer(reply{ResponseType: slack.ResponseTypeEphemeral, Text: fallback(d.reply), Blocks: slack.Blocks{BlockSet: d.blocks(maxBlocks)}})
	})
}

// reply is a message as the payload of an acknowledgement.
type reply struct {
	ResponseType string       `json:"response_type"`
	Text         string       `json:"text"`
	Blocks       slack.Blocks `json:"blocks"`
}

// subcommand returns what makes the reply of a known word, or nil for a question.
func (a *Adapter) subcommand(text string) func(context.Context, bot.Conversation) (bot.Reply, bot.Conversation) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch strings.ToLower(word) {
	case "":
		return fixed(a.o.Bot.Help)
	case "topics", "help":
		if rest == "" {
			return fixed(a.o.Bot.Help)
		}
	case "evidence":
		if len(strings.Fields(rest)) <= 3 {
			return fixed(func() bot.Reply { return a.o.Bot.Evidence(typed(rest)) })
		}
	case "checklist":
		if rest == "" {
			return fixed(a.o.Bot.Checklist)
		}
	}
	return nil
}

// answerCommand shows the reply to a command. The response URL works where the
// bot is not a member; when there is none, or it has run out, other ways must do.
func (a *Adapter) answerCommand(ctx context.Context, w *workspace, c command, r bot.Reply) error {
	d := arrange(r, a.words().Labels, picture{
		press: pressPick, shareable: c.ChannelName != "directmessage", ticks: strings.EqualFold(strings.TrimSpace(c.Text), "checklist"),
	})
	err := errPermanent
	if c.ResponseURL != "" {
		err = a.respond(ctx, c.ResponseURL, d, toAsker)
	}
	if permanent(err) {
		err = a.whisper(ctx, w, c.ChannelID, c.UserID, "", d)
	}
	if permanent(err) {
		err = a.postDirect(ctx, w, c.UserID, d)
	}
	return err
}
