package discord

import (
	"context"
	"strings"

	"kapbot/adapters/discord/render"
)

// choice is one line under an option that is being typed.
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Discord's limits for choices.
const (
	maxChoices = 25
	maxChoice  = 100 // a choice's name, and its value
)

// complete offers topics, or conditions, while a person types. On a miss
// nothing is offered: there is no room for a sentence with the disclaimer.
func (a *Adapter) complete(ctx context.Context, i *interaction, f first) {
	choices := []choice{}
	if sub, ok := i.sub(); ok {
		name, typed, _ := sub.focused()
		switch name {
		case "question":
			for _, t := range a.o.Bot.Complete(ctx, typed, maxChoices) {
				choices = appendChoice(choices, t.Question, topicMark+t.ID)
			}
		case "condition":
			for _, c := range a.o.Bot.Conditions() {
				if strings.Contains(strings.ToLower(c), strings.ToLower(strings.TrimSpace(typed))) {
					choices = appendChoice(choices, c, c)
				}
			}
		}
	}
	if err := f(ctx, i, callback{Type: respondChoices, Data: map[string]any{"choices": choices}}); err != nil {
		a.o.Log.Debug("completion not sent", "error", err)
	}
}

func appendChoice(all []choice, name, value string) []choice {
	name = strings.Join(strings.Fields(name), " ")
	if len(all) == maxChoices || name == "" || render.Size(value) > maxChoice {
		return all
	}
	return append(all, choice{Name: render.Cut(name, maxChoice), Value: value})
}
