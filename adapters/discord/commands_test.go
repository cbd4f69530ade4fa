package discord_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kapbot/adapters/discord"
	"kapbot/adapters/discord/discordfake"
)

func TestCommands(t *testing.T) {
	p := inGuild(t)
	for name, c := range map[string]struct {
		sub  discordfake.Option
		says string
	}{
		"ask":        {discordfake.Sub("ask", discordfake.Text("question", "What is KAP?")), "ketamine"},
		"completed":  {discordfake.Sub("ask", discordfake.Text("question", "topic:choosing-a-provider")), "provider"},
		"no topic":   {discordfake.Sub("ask", discordfake.Text("question", "topic:nonsense")), ""},
		"topics":     {discordfake.Sub("topics"), "What is ketamine-assisted psychotherapy"},
		"evidence":   {discordfake.Sub("evidence", discordfake.Text("condition", "PTSD")), "Post-Traumatic"},
		"checklist":  {discordfake.Sub("checklist"), "prescriber"},
		"help":       {discordfake.Sub("help"), "in your own words"},
		"unknown":    {discordfake.Sub("dance"), theBot().Words().Failure},
		"wrong type": {discordfake.Option{Name: "ask", Type: 3, Value: 7}, theBot().Words().Failure},
	} {
		t.Run(name, func(t *testing.T) {
			r := p.response(p.Command(p.use(), "kap", c.sub), 1)
			if r.Type != 4 || !r.Ephemeral || !strings.Contains(textOf(r.Data), c.says) {
				t.Errorf("answered with type %d, ephemeral %v: %s", r.Type, r.Ephemeral, textOf(r.Data))
			}
		})
	}
}

func TestPublicAnswerAndItsPrivateException(t *testing.T) {
	p := inGuild(t)
	public := discordfake.Option{Name: "public", Type: 5, Value: true}
	if r := p.response(p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?"), public)), 1); r.Ephemeral {
		t.Error("only the person sees what was to be public")
	}
	if r := p.response(p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "I want to kill myself"), public)), 1); !r.Ephemeral {
		t.Error("everyone sees that someone is in danger")
	}
}

func TestAutocomplete(t *testing.T) {
	p := inGuild(t)
	for _, c := range []struct{ option, typed, want string }{
		{"question", "how do i choose", "topic:choosing-a-provider"}, {"question", "zzzzqqq", ""}, {"condition", "pts", "PTSD"}, {"condition", "zzz", ""}, {"question", "", "topic:what-is-kap"},
	} {
		id := p.Typing(p.use(), "kap", discordfake.Sub(map[string]string{"question": "ask", "condition": "evidence"}[c.option],
			discordfake.Option{Name: c.option, Type: 3, Value: c.typed, Focused: true}))
		r := p.response(id, 1)
		var data struct {
			Choices []struct{ Name, Value string }
		}
		if json.Unmarshal(r.Data, &data); r.Type != 8 {
			t.Fatalf("answered with type %d", r.Type)
		}
		found := c.want == "" && len(data.Choices) == 0
		for _, choice := range data.Choices {
			found = found || choice.Value == c.want
		}
		if !found {
			t.Errorf("typed %q, want %q among %+v", c.typed, c.want, data.Choices)
		}
	}
}

// A moderator answers someone's message with two clicks: the command shows the
// answer to the moderator, a button posts it as a reply that says who had it posted.
func TestModeratorAnswersAMessage(t *testing.T) {
	for action, pings := range map[string]bool{"post": false, "ping": true} {
		t.Run(action, func(t *testing.T) {
			p := inGuild(t)
			asked := p.Say(p.ann, p.room.ID, "What is KAP?")
			use := discordfake.Use{User: p.NewUser("mo"), Channel: p.room, Permissions: mayManageMessages}
			preview := p.response(p.OnMessage(use, "Answer this question", asked), 1)
			if !preview.Ephemeral {
				t.Error("everyone sees the preview")
			}
			done := p.response(p.Press(use, "", idWith(t, preview.Data, action)), 1)
			if !strings.Contains(textOf(done.Data), theBot().Words().Community.Posted) {
				t.Errorf("answered %s", done.Data)
			}
			if text := textOf(p.replies(asked, 1)[0].Components); !strings.Contains(text, use.User.ID) {
				t.Errorf("posted %s", text)
			}
			body := string(p.Requests("POST", "/channels/"+p.room.ID+"/messages")[0].Body)
			if strings.Contains(body, `"replied_user":true`) != pings || !strings.Contains(body, `"parse":[]`) {
				t.Errorf("posted %s", body)
			}
		})
	}
}

// Where the app is only the moderator's own, the answer is posted as their use of it.
func TestUserInstalledAppPostsAFollowUp(t *testing.T) {
	p := inGuild(t)
	asked := p.Say(p.ann, p.room.ID, "What is KAP?")
	use := discordfake.Use{User: p.NewUser("mo"), Channel: p.room, Permissions: mayManageMessages, UserInstall: true}
	preview := p.response(p.OnMessage(use, "Answer this question", asked), 1)
	id := p.Press(use, "", idWith(t, preview.Data, "post"))
	if r := p.response(id, 2); r.Type != 0 || r.Ephemeral {
		t.Errorf("followed up with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
}

func TestRating(t *testing.T) {
	p := inGuild(t)
	answer := p.response(p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?"))), 1)
	p.response(p.Press(p.use(), "", idWith(t, answer.Data, "up")), 1)
	why := p.response(p.Press(p.use(), "", idWith(t, answer.Data, "down")), 1)
	p.response(p.Press(p.use(), "", idWith(t, why.Data, "why"), "unclear"), 1)
}

func TestDelete(t *testing.T) {
	p := inGuild(t)
	answer := p.replies(p.mention("What is KAP?"), 1)[0]
	press := idWith(t, answer.Components, "del")
	stranger := discordfake.Use{User: p.NewUser("bob"), Channel: p.room}
	if r := p.response(p.Press(stranger, answer.ID, press), 1); !strings.Contains(string(r.Data), theBot().Words().NotYours) || !r.Ephemeral {
		t.Errorf("a stranger is told %s", r.Data)
	}
	stranger.Permissions = mayManageMessages
	p.response(p.Press(stranger, answer.ID, press), 1)
	p.await("the answer to go", func() bool { return len(p.mine(p.room.ID)) == 0 })
	answer = p.replies(p.mention("What is KAP?"), 1)[0]
	p.response(p.Press(p.use(), answer.ID, idWith(t, answer.Components, "del")), 1)
	p.await("the answer to go", func() bool { return len(p.mine(p.room.ID)) == 0 })
}

// A choice of "did you mean" changes the asker's message; a stranger's press is answered to the stranger.
func TestDidYouMean(t *testing.T) {
	p := inGuild(t)
	id := "k1:did:" + p.ann.ID + ":choosing-a-provider"
	shown := p.replies(p.mention("What is KAP?"), 1)[0]
	stranger := discordfake.Use{User: p.NewUser("bob"), Channel: p.room}
	if r := p.response(p.Press(stranger, shown.ID, id), 1); r.Type != 4 || !r.Ephemeral {
		t.Errorf("a stranger's press is answered with type %d, ephemeral %v", r.Type, r.Ephemeral)
	}
	if r := p.response(p.Press(p.use(), shown.ID, id), 1); r.Type != 7 {
		t.Errorf("the asker's press is answered with type %d", r.Type)
	}
	if text := textOf(p.mine(p.room.ID)[0].Components); !strings.Contains(text, "provider") {
		t.Errorf("the message now says %s", text)
	}
}

func TestChecklistKeepsItsStateInTheMenu(t *testing.T) {
	p := inGuild(t)
	list := p.response(p.Command(p.use(), "kap", discordfake.Sub("checklist")), 1)
	left := p.response(p.Press(p.use(), "", idWith(t, list.Data, "tick"), "0", "2"), 1)
	if !strings.Contains(string(left.Data), `"value":"2","default":true`) || !strings.Contains(textOf(left.Data), theBot().Words().ChecklistMissing) {
		t.Errorf("now it says %s", left.Data)
	}
	none := p.response(p.Press(p.use(), "", idWith(t, left.Data, "tick"), []string{}...), 1)
	_ = none
}

func TestShare(t *testing.T) {
	p := inGuild(t)
	answer := p.response(p.Command(p.use(), "kap", discordfake.Sub("ask", discordfake.Text("question", "What is KAP?"))), 1)
	if r := p.response(p.Press(p.use(), "", idWith(t, answer.Data, "share")), 1); r.Ephemeral || !strings.Contains(textOf(r.Data), p.ann.ID) {
		t.Errorf("shared, ephemeral %v: %s", r.Ephemeral, textOf(r.Data))
	}
}

func TestUnreadablePressesAreAnswered(t *testing.T) {
	p := inGuild(t)
	for _, id := range []string{"", "x", "k1:::", "k1:del::", "k1:post:1:x", "k1:tick:1:zz", "k1:why:1:", strings.Repeat("é", 200)} {
		p.response(p.Press(p.use(), "", id), 1)
	}
}

// Without the message content intent everything but uncalled answers works.
func TestWorksWithoutMessageContent(t *testing.T) {
	p := inGuild(t, func(o *discord.Options) { o.MessageContent = false })
	p.replies(p.mention("What is KAP?"), 1)
	asked := p.Say(p.ann, p.room.ID, "What is KAP?")
	p.response(p.OnMessage(p.use(), "Answer this question", asked), 1)
}
