package slack

import (
	"strconv"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// The ids of the things that a person can press. A number after a colon tells
// the buttons of one block apart.
const (
	pressTopic     = "topic"     // show a topic as a further message
	pressPick      = "pick"      // show a topic in place of this message
	pressPeek      = "peek"      // show a topic in a modal
	pressRate      = "rate"      // was this helpful?
	pressReason    = "reason"    // why it was not
	pressShare     = "share"     // put a private answer into the channel
	pressDelete    = "delete"    // take the answer away
	pressTick      = "tick"      // an item of the checklist
	pressEvidence  = "evidence"  // the studies, in a modal
	pressChecklist = "checklist" // the checklist, in a modal
	pressPrivate   = "private"   // send a previewed answer to oneself
)

// topics draws a row of buttons for topics, under their label.
func topics(label, press string, choices []bot.Choice) []slack.Block {
	if len(choices) == 0 {
		return nil
	}
	var row []slack.BlockElement
	for i, c := range choices[:min(len(choices), maxActions)] {
		b := slack.NewButtonBlockElement(press+":"+strconv.Itoa(i), c.ID, plain(cut(c.Question, maxButton)))
		row = append(row, b)
	}
	return append(paragraph([]bot.Span{{Text: label}}), slack.NewActionBlock("", row...))
}

// feedback draws the question whether an answer helped.
func feedback(r bot.Reply, l bot.Labels) []slack.Block {
	if !r.Rateable() || r.Topic() == "" {
		return nil
	}
	up := slack.NewFeedbackButton(plain(cut(l.Helpful, maxButton)), "up "+r.Topic()).WithAccessibilityLabel(cut(l.Feedback+" "+l.Helpful, maxButton))
	down := slack.NewFeedbackButton(plain(cut(l.NotHelpful, maxButton)), "down "+r.Topic()).WithAccessibilityLabel(cut(l.Feedback+" "+l.NotHelpful, maxButton))
	return []slack.Block{slack.NewContextActionsBlock("", slack.NewFeedbackButtonsBlockElement(pressRate, up, down))}
}

// button is one more button of a message.
func button(press, value, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(press, value, plain(cut(text, maxButton)))
}

// picture says what surrounds a reply on one surface.
type picture struct {
	asker     string // who may delete it; "" for nobody, as in an ephemeral message
	shareable bool   // only its asker sees it, and others could
	press     string // what a topic's button does
	ticks     bool   // the items of a checklist can be ticked here
}

// arrange draws a reply with the buttons of its surface.
func arrange(r bot.Reply, l bot.Labels, p picture) *drawing {
	d := draw(r)
	if r.Kind() == bot.Clarify && p.press == pressTopic {
		p.press = pressPick
	}
	d.add(topics(r.RelatedLabel(), p.press, r.Related())...)
	switch {
	case p.ticks:
		d.add(checkboxes(r, nil)...)
	case hasChecklist(r):
		d.add(slack.NewActionBlock("to-checklist", button(pressChecklist, "all", l.Checklist)))
	}
	if p.press != pressPeek { // Slack has these in messages only
		d.add(feedback(r, l)...)
	}
	var row []slack.BlockElement
	if p.shareable && r.Kind() == bot.Answer && r.Topic() != "" && !r.Private() {
		row = append(row, button(pressShare, r.Topic(), l.Share))
	}
	if p.asker != "" {
		row = append(row, button(pressDelete, p.asker, l.Delete))
	}
	if len(row) > 0 {
		d.add(slack.NewActionBlock("own", row...))
	}
	return d
}
