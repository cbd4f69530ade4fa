package discord_test

import (
	"strings"
	"testing"

	"kapbot/adapters/discord/discordfake"
)

func TestMentionIsAnsweredInPlace(t *testing.T) {
	w := begin(t)
	g := w.NewGuild("a community")
	room := w.NewChannel(g, discordfake.TextChannel, "", "general")
	ann := w.NewUser("ann")
	asked := w.Say(ann, room.ID, "<@"+w.Bot().ID+"> What is KAP?")
	got := w.replies(asked, 1)[0]
	if text := textOf(got.Components); !strings.Contains(text, "ketamine") {
		t.Errorf("answered %s", text)
	}
}

func TestCommandIsAnsweredPrivately(t *testing.T) {
	w := begin(t)
	g := w.NewGuild("a community")
	room := w.NewChannel(g, discordfake.TextChannel, "", "general")
	id := w.Command(discordfake.Use{User: w.NewUser("ann"), Channel: room}, "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?")))
	r := w.response(id, 1)
	if r.Type != 4 || !r.Ephemeral {
		t.Errorf("answered with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
}
