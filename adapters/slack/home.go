package slack

import (
	"context"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// publishHome fills the App Home of a person: what this is, the topics, how to
// ask, privacy, where help is, the revision of the document.
func (a *Adapter) publishHome(ctx context.Context, w *workspace, user string) error {
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: a.home().blocks(maxViewBlocks)}}
	return a.retry(ctx, func(ctx context.Context) error {
		_, err := w.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
		return err
	}, nil)
}

func (a *Adapter) home() *drawing {
	words, labels := a.words(), a.words().Labels
	d := draw(a.o.Bot.Welcome())
	d.add(paragraph([]bot.Span{{Text: words.Help}})...)
	var all []bot.Choice
	for _, t := range a.o.Bot.Topics() {
		all = append(all, bot.Choice{ID: t.ID, Question: t.Question})
	}
	d.add(topics(words.AllTopics, pressPeek, all)...)
	d.add(slack.NewActionBlock("more",
		button(pressEvidence, "all", labels.Evidence), button(pressChecklist, "all", labels.Checklist)))
	d.add(slack.NewContextBlock("privacy", plain(cut(labels.Privacy+": "+words.Forget, maxContextText))))
	for i, b := range a.o.Bot.CrisisLine("").Blocks() {
		d.add(block(b, i)...)
	}
	if rev := a.o.Bot.Revision(); rev != "" {
		d.add(slack.NewContextBlock("revision", plain(cut(labels.Revision+": "+rev, maxContextText))))
	}
	return d
}

// greet opens a conversation in the Messages tab: prompts to press each time, and
// a greeting when nothing has been said there yet.
func (a *Adapter) greet(ctx context.Context, w *workspace, user, channel string, t *ticket) {
	a.job(ctx, w, t, func(ctx context.Context) error {
		a.suggest(ctx, w, channel)
		history, err := w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: 1})
		if err != nil || len(history.Messages) > 0 {
			return wrap("read direct messages", err)
		}
		greeting := newTicket(a.o.AckPatience, func(bool, any) {})
		a.ask(ctx, w, question{
			id: "welcome " + channel, user: user, channel: channel, conversation: channel, direct: true,
			respond: fixed(a.o.Bot.Welcome),
			deliver: func(ctx context.Context, r bot.Reply) error { return a.postPlain(ctx, w, channel, draw(r)) },
		}, greeting)
		return nil
	})
}

// suggest offers the first topics as prompts. Agent apps leave the thread out:
// with one, Slack ignores the call without a word.
func (a *Adapter) suggest(ctx context.Context, w *workspace, channel string) {
	p := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: channel, Title: a.words().YouCanAsk}
	for _, t := range a.o.Bot.Topics() {
		if len(p.Prompts) == maxPrompts {
			break
		}
		p.AddPrompt(cut(t.Question, maxPromptTitle), t.Question)
	}
	if len(p.Prompts) == 0 {
		return
	}
	if err := w.api.SetAssistantThreadsSuggestedPromptsContext(ctx, p); err != nil {
		a.o.Log.Warn("slack prompts not set", "cause", cause(err))
	}
}

// whoAndWhere points moderators to a person and a place. In a direct message there
// is no place to look at.
func whoAndWhere(user, channel string, direct bool) slack.Block {
	run := []slack.RichTextSectionElement{slack.NewRichTextSectionUserElement(user, nil)}
	if !direct {
		run = append(run, slack.NewRichTextSectionTextElement(" · ", nil), slack.NewRichTextSectionChannelElement(channel, nil))
	}
	return slack.NewRichTextBlock("who-and-where", slack.NewRichTextSection(run...))
}
