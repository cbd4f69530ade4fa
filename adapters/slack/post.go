package slack

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// metadataType names the metadata of the bot's own messages.
const metadataType = "kapbot_reply"

// errPermanent marks what trying again cannot mend.
var errPermanent = errors.New("slack: refused")

// isRefused reports whether Slack answered with one of the errors.
func isRefused(err error, reasons ...string) bool {
	var refused slack.SlackErrorResponse
	return errors.As(err, &refused) && slices.Contains(reasons, refused.Err)
}

// transient are the errors in a 200 answer that mean "not now".
var transient = []string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "accesslimited"}

// permanent reports whether Slack understood the request and will never do it.
func permanent(err error) bool {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		return !slices.Contains(transient, refused.Err)
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return status.Code/100 == 4 && status.Code != http.StatusTooManyRequests && status.Code != http.StatusRequestTimeout
	}
	return errors.Is(err, errPermanent)
}

// limited returns how long Slack asks to wait, if it asks. Slack leaves
// Retry-After out sometimes, and slack-go then reports the status alone.
func limited(err error) (time.Duration, bool) {
	var limit *slack.RateLimitedError
	if errors.As(err, &limit) {
		return limit.RetryAfter, true
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) && status.Code == http.StatusTooManyRequests {
		return 0, true
	}
	return 0, isRefused(err, "ratelimited", "rate_limited")
}

// retry calls try until it succeeds, fails for good or ctx ends. Before a further
// try after one whose outcome is unknown it asks arrived, if it is set.
func (a *Adapter) retry(ctx context.Context, try func(context.Context) error, arrived func(context.Context) (bool, error)) error {
	p := pace{first: a.o.RetryFirst, longest: a.o.RetryLongest, steady: time.Hour}
	unsure := false
	for {
		err := ctx.Err()
		if err != nil {
			return err
		}
		if unsure && arrived != nil {
			var done bool
			if done, err = arrived(ctx); err == nil && done {
				return nil
			}
			if permanent(err) { // Slack will never say, and no answer is worse than two
				err = nil
			}
		}
		if err == nil {
			if err = a.once(ctx, try); err == nil || permanent(err) {
				return err
			}
		}
		wait, isLimit := limited(err)
		unsure = unsure || !isLimit
		if pause := sleep(ctx, p.next(0, wait)); pause != nil {
			return errors.Join(pause, err)
		}
		a.counts.retries.Add(1)
	}
}

func (a *Adapter) once(ctx context.Context, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.o.Timeout)
	defer cancel()
	return try(ctx)
}

// withoutPreviews keeps Slack from unfolding the links of sources.
var withoutPreviews = slack.MsgOptionCompose(slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())

// postOnce posts a reply into the question's thread with the event's id beside it,
// and looks for that id before it tries a second time.
func (a *Adapter) postOnce(ctx context.Context, w *workspace, q question, d *drawing) error {
	options := append(d.message(), withoutPreviews, slack.MsgOptionTS(q.thread), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: metadataType, EventPayload: map[string]any{"event_id": q.id, "question_ts": q.ts},
	}))
	return a.retry(ctx, func(ctx context.Context) error {
		_, _, err := w.api.PostMessageContext(ctx, q.channel, options...)
		if isRefused(err, "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long") {
			a.o.Log.Error("slack refused the blocks of a reply; sent as plain text", "kind", d.reply.Kind())
			_, _, err = w.api.PostMessageContext(ctx, q.channel, append(slices.Clip(options), slack.MsgOptionBlocks())...)
		}
		return err
	}, func(ctx context.Context) (bool, error) {
		own, err := a.find(ctx, w, q.channel, q.thread, func(m metadata) bool { return m.Payload.EventID == q.id })
		return len(own) > 0, err
	})
}

// postPlain posts what answers no event.
func (a *Adapter) postPlain(ctx context.Context, w *workspace, channel string, d *drawing) error {
	options := append(d.message(), withoutPreviews)
	return a.retry(ctx, func(ctx context.Context) error {
		_, _, err := w.api.PostMessageContext(ctx, channel, options...)
		return err
	}, nil)
}

// postDirect posts to a person's direct messages.
func (a *Adapter) postDirect(ctx context.Context, w *workspace, user string, d *drawing) error {
	var channel *slack.Channel
	err := a.retry(ctx, func(ctx context.Context) (err error) {
		channel, _, _, err = w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		return err
	}, nil)
	if err != nil {
		return err
	}
	return a.postPlain(ctx, w, channel.ID, d)
}

// whisper shows a message to one person in a channel.
func (a *Adapter) whisper(ctx context.Context, w *workspace, channel, user, thread string, d *drawing) error {
	options := d.message()
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return a.retry(ctx, func(ctx context.Context) error {
		_, err := w.api.PostEphemeralContext(ctx, channel, user, options...)
		return err
	}, nil)
}

// update changes one of the bot's messages.
func (a *Adapter) update(ctx context.Context, w *workspace, channel, ts string, d *drawing) error {
	return a.retry(ctx, func(ctx context.Context) error {
		_, _, _, err := w.api.UpdateMessageContext(ctx, channel, ts, d.message()...)
		return err
	}, nil)
}

// remove deletes one of the bot's messages; one that is gone is fine.
func (a *Adapter) remove(ctx context.Context, w *workspace, channel, ts string) error {
	err := a.retry(ctx, func(ctx context.Context) error {
		_, _, err := w.api.DeleteMessageContext(ctx, channel, ts)
		return err
	}, nil)
	if isRefused(err, "message_not_found") {
		return nil
	}
	return err
}

// removeAnswers deletes the bot's answers to a question.
func (a *Adapter) removeAnswers(ctx context.Context, w *workspace, channel, thread, question string) error {
	own, err := a.find(ctx, w, channel, thread, func(m metadata) bool { return m.Payload.Question == question })
	for _, ts := range own {
		if err := a.remove(ctx, w, channel, ts); err != nil {
			return err
		}
	}
	return err
}

// manner is what a response URL does with a message.
type manner int

const (
	toAsker   manner = iota // a new message that one person sees
	toChannel               // a new message for all
	inPlace                 // in place of the message whose button was pressed
)

// respond sends a message to a response URL, which works where the bot is not a
// member.
func (a *Adapter) respond(ctx context.Context, responseURL string, d *drawing, how manner) error {
	m := &slack.WebhookMessage{
		Text: fallback(d.reply), Blocks: &slack.Blocks{BlockSet: d.blocks(maxBlocks)},
		ResponseType: slack.ResponseTypeEphemeral, ReplaceOriginal: how == inPlace,
	}
	if how == toChannel {
		m.ResponseType = slack.ResponseTypeInChannel
	}
	return a.webhook(ctx, responseURL, m)
}

// withdraw deletes the message whose button was pressed.
func (a *Adapter) withdraw(ctx context.Context, responseURL string) error {
	return a.webhook(ctx, responseURL, &slack.WebhookMessage{DeleteOriginal: true})
}

func (a *Adapter) webhook(ctx context.Context, responseURL string, m *slack.WebhookMessage) error {
	return a.retry(ctx, func(ctx context.Context) error {
		return slack.PostWebhookCustomHTTPContext(ctx, responseURL, a.o.httpClient(), m)
	}, nil)
}

// pagesOfThread bounds how far find reads: 10 pages of 100 messages.
const pagesOfThread = 10

// find returns the timestamps of the bot's own messages in a thread whose metadata
// fits.
func (a *Adapter) find(ctx context.Context, w *workspace, channel, thread string, fits func(metadata) bool) ([]string, error) {
	var own []string
	cursor := ""
	for range pagesOfThread {
		var messages []slack.Message
		var next string
		err := a.once(ctx, func(ctx context.Context) (err error) {
			messages, _, next, err = w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: thread, Cursor: cursor, Limit: 100, IncludeAllMetadata: true,
			})
			return err
		})
		if isRefused(err, "thread_not_found") {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			if m.User == w.botUser && m.Metadata.EventType == metadataType && fits(readMetadata(m.Metadata)) {
				own = append(own, m.Timestamp)
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return own, nil
}

func readMetadata(m slack.SlackMetadata) metadata {
	var out metadata
	out.EventType = m.EventType
	out.Payload.EventID, _ = m.EventPayload["event_id"].(string)
	out.Payload.Question, _ = m.EventPayload["question_ts"].(string)
	return out
}
