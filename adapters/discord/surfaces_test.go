package discord_test

import (
	"strings"
	"testing"

	"kapbot/adapters/discord/discordfake"
)

// Permissions as Discord writes them.
const (
	mayManageGuild    = "32"
	mayManageMessages = "8192"
)

// place is a server with a room, and someone in it.
type place struct {
	*world
	guild *discordfake.Guild
	room  *discordfake.Channel
	ann   discordfake.User
}

func inGuild(t *testing.T, changes ...change) place {
	w := begin(t, changes...)
	g := w.NewGuild("a community")
	return place{w, g, w.NewChannel(g, discordfake.TextChannel, "", "general"), w.NewUser("ann")}
}

func (p place) mention(text string) discordfake.Message {
	return p.Say(p.ann, p.room.ID, "<@"+p.Bot().ID+"> "+text)
}

func (p place) use() discordfake.Use { return discordfake.Use{User: p.ann, Channel: p.room} }

func TestMentionIsAnsweredInPlace(t *testing.T) {
	p := inGuild(t)
	asked := p.mention("What is KAP?")
	got := p.replies(asked, 1)[0]
	if text := textOf(got.Components); !strings.Contains(text, "ketamine") {
		t.Errorf("answered %s", text)
	}
	body := p.Requests("POST", "/channels/"+p.room.ID+"/messages")[0].Body
	if !strings.Contains(string(body), `"allowed_mentions":{"parse":[],"replied_user":true}`) || !strings.Contains(string(body), `"enforce_nonce":true`) {
		t.Errorf("posted %s", body)
	}
}

func TestReplyToTheBotFollowsUp(t *testing.T) {
	p := inGuild(t)
	first := p.replies(p.mention("What is KAP?"), 1)[0]
	second := p.Say(p.ann, p.room.ID, "and how do I choose a provider?", discordfake.ReplyTo(first.ID))
	if text := textOf(p.replies(second, 1)[0].Components); !strings.Contains(text, "provider") {
		t.Errorf("answered %s", text)
	}
}

// What is not for the bot, or comes from a program, is let be.
func TestOthersAreLeftAlone(t *testing.T) {
	p := inGuild(t)
	other := p.NewUser("other bot")
	other.Bot = true
	p.Say(p.ann, p.room.ID, "What is KAP?")
	p.Say(other, p.room.ID, "<@"+p.Bot().ID+"> What is KAP?")
	p.Say(p.NewUser("hook"), p.room.ID, "<@"+p.Bot().ID+"> What is KAP?", discordfake.FromWebhook())
	p.Dispatch(p.guild.ID, "MESSAGE_CREATE", map[string]any{"id": "1", "channel_id": p.room.ID, "guild_id": p.guild.ID, "content": "<@" + p.Bot().ID + "> no author"})
	p.replies(p.mention("What is KAP?"), 1)
	if got := p.mine(p.room.ID); len(got) != 1 {
		t.Errorf("the bot wrote %d messages, want 1", len(got))
	}
}

// A message with components that discordgo does not know is answered like any other.
func TestUnknownComponentsAreSurvived(t *testing.T) {
	p := inGuild(t)
	for _, kind := range []int{18, 19, 21, 99} {
		p.Dispatch(p.guild.ID, "MESSAGE_CREATE", map[string]any{"id": p.NewUser("").ID, "channel_id": p.room.ID, "guild_id": p.guild.ID,
			"author": p.ann, "type": 0, "content": "<@" + p.Bot().ID + "> What is KAP?", "mentions": []any{}, "components": []any{map[string]any{"type": kind, "component": map[string]any{"type": 4}}}})
	}
	p.await("four answers", func() bool { return len(p.mine(p.room.ID)) == 4 })
	p.Interact(p.use(), 5, map[string]any{"custom_id": "x", "components": []any{map[string]any{"type": 18, "component": map[string]any{"type": 4, "custom_id": "y", "value": "z"}}}})
	p.Dispatch(p.guild.ID, "SOMETHING_NEW", map[string]any{"x": 1})
	p.replies(p.mention("What is KAP?"), 1)
}

func TestFirstDirectMessageIsGreeted(t *testing.T) {
	w := begin(t)
	ann := w.NewUser("ann")
	room := w.DM(ann)
	w.replies(w.Say(ann, room.ID, "What is KAP?"), 1)
	w.replies(w.Say(ann, room.ID, "How do I choose a provider?"), 1)
	got := w.mine(room.ID)
	if len(got) != 2 {
		t.Fatalf("the bot wrote %d messages, want two answers", len(got))
	}
	for i, m := range got {
		text := textOf(m.Components)
		if greeted := strings.Contains(text, theBot().Words().Welcome[0]); greeted != (i == 0) {
			t.Errorf("answer %d greets: %v: %s", i, greeted, text)
		}
	}
}

func TestSomeoneInDangerIsNotGreetedFirst(t *testing.T) {
	w := begin(t)
	ann := w.NewUser("ann")
	w.replies(w.Say(ann, w.DM(ann).ID, "I want to kill myself"), 1)
	if got := w.mine(w.DM(ann).ID); len(got) != 1 || !strings.Contains(textOf(got[0].Components), "988") {
		t.Errorf("the bot wrote %d messages", len(got))
	}
}

// In public, someone in danger is answered in private, and moderators are told
// who and where, not what.
func TestCrisisInPublic(t *testing.T) {
	p := inGuild(t)
	mods := p.NewChannel(p.guild, discordfake.TextChannel, "", "moderators")
	p.settings("moderators", mods.ID)
	asked := p.mention("I want to kill myself")
	p.await("the private answer", func() bool { return len(p.mine(p.DM(p.ann).ID)) == 1 })
	if text := textOf(p.mine(p.DM(p.ann).ID)[0].Components); !strings.Contains(text, "988") {
		t.Errorf("wrote %s", text)
	}
	p.await("the alert", func() bool { return len(p.mine(mods.ID)) == 1 })
	alert := p.mine(mods.ID)[0]
	p.disclaims(alert.Components, "")
	text := textOf(alert.Components)
	if !strings.Contains(text, p.ann.ID) || !strings.Contains(text, asked.ID) || strings.Contains(text, "kill") {
		t.Errorf("the alert is %s", text)
	}
	if got := p.mine(p.room.ID); len(got) != 0 {
		t.Errorf("the bot wrote %d messages in public", len(got))
	}
}

func TestCrisisOfSomeoneWithClosedMessages(t *testing.T) {
	p := inGuild(t)
	p.Fail(discordfake.Fault{Method: "POST", Path: "/users/@me/channels", Status: 403, Body: `{"code":50007,"message":"Cannot send messages to this user"}`})
	if text := textOf(p.replies(p.mention("I want to kill myself"), 1)[0].Components); !strings.Contains(text, "988") {
		t.Errorf("wrote %s", text)
	}
}

// settings sets one of the server's settings as someone who may.
func (p place) settings(field string, values ...string) {
	p.t.Helper()
	use := p.use()
	use.Permissions = mayManageGuild
	panel := p.response(p.Command(use, "kap", discordfake.Sub("settings")), 1)
	for _, id := range idsOf(panel.Data) {
		if strings.HasSuffix(id, ":"+field) {
			p.response(p.Press(use, "", id, append([]string{}, values...)...), 1)
			return
		}
	}
	p.t.Fatalf("no setting %q in %s", field, panel.Data)
}

func TestSettingsAreForThoseWhoManage(t *testing.T) {
	p := inGuild(t)
	r := p.response(p.Command(p.use(), "kap", discordfake.Sub("settings")), 1)
	if !strings.Contains(string(r.Data), theBot().Words().NotYours) {
		t.Errorf("answered %s", r.Data)
	}
	r = p.response(p.Press(p.use(), "", "k1:set:"+p.ann.ID+":auto", p.room.ID), 1)
	if !strings.Contains(string(r.Data), theBot().Words().NotYours) {
		t.Errorf("answered %s", r.Data)
	}
}

// Uncalled, the bot speaks only where it was asked to and only when it is sure.
func TestAutoAnswer(t *testing.T) {
	p := inGuild(t)
	forum := p.NewChannel(p.guild, discordfake.ForumChannel, "", "questions")
	p.settings("auto", p.room.ID, forum.ID)
	sure := p.Say(p.ann, p.room.ID, "What is ketamine-assisted psychotherapy (KAP)?")
	p.replies(sure, 1)
	post := p.NewChannel(p.guild, discordfake.PublicThread, forum.ID, "What is ketamine-assisted psychotherapy (KAP)?")
	opening := p.Say(p.ann, post.ID, "", withID(post.ID))
	p.replies(opening, 1)
	p.Say(p.ann, post.ID, "What is ketamine-assisted psychotherapy (KAP)?") // further down in the post
	p.Say(p.ann, p.room.ID, "nice weather today, is it not?")
	p.replies(p.mention("What is KAP?"), 1)
	if got := len(p.mine(p.room.ID)) + len(p.mine(post.ID)); got != 3 {
		t.Errorf("the bot wrote %d messages, want 3", got)
	}
	if body := p.Requests("POST", "/channels/"+p.room.ID+"/messages")[0].Body; !strings.Contains(string(body), `"replied_user":false`) {
		t.Errorf("nobody called the bot, and it notifies: %s", body)
	}
}

func withID(id string) discordfake.Said {
	return func(_ *discordfake.Server, m *discordfake.Message) { m.ID = id }
}

// Where a server does not want answers, only someone in danger gets one.
func TestChannelsAreRespected(t *testing.T) {
	p := inGuild(t)
	other := p.NewChannel(p.guild, discordfake.TextChannel, "", "other")
	p.settings("channels", other.ID)
	p.mention("What is KAP?")
	p.mention("I want to kill myself")
	p.await("the private answer", func() bool { return len(p.mine(p.DM(p.ann).ID)) == 1 })
	p.replies(p.Say(p.ann, other.ID, "<@"+p.Bot().ID+"> What is KAP?"), 1)
	if got := p.mine(p.room.ID); len(got) != 0 {
		t.Errorf("the bot wrote %d messages where it should not", len(got))
	}
}

func TestAnswerFollowsItsQuestion(t *testing.T) {
	p := inGuild(t)
	asked := p.mention("What is KAP?")
	before := p.replies(asked, 1)[0]
	p.Edit(p.room.ID, asked.ID, "<@"+p.Bot().ID+"> How do I choose a provider?")
	p.await("the new answer", func() bool {
		got := p.mine(p.room.ID)
		return len(got) == 1 && got[0].ID == before.ID && string(got[0].Components) != string(before.Components)
	})
	p.disclaims(p.mine(p.room.ID)[0].Components, "")
	p.Delete(p.room.ID, asked.ID)
	p.await("the answer to go", func() bool { return len(p.mine(p.room.ID)) == 0 })
}

// Someone who may not be answered in place is answered in private.
func TestNoPermissionToAnswer(t *testing.T) {
	p := inGuild(t)
	p.Fail(discordfake.Fault{Method: "POST", Path: "/channels/" + p.room.ID, Status: 403, Body: `{"code":50013}`})
	p.mention("What is KAP?")
	p.await("the private answer", func() bool { return len(p.mine(p.DM(p.ann).ID)) == 1 })
}

// Where components are refused, the same is said in plain text.
func TestPlainFallback(t *testing.T) {
	p := inGuild(t)
	p.Fail(discordfake.Fault{Method: "POST", Path: "/messages", Status: 400, Body: `{"code":50035}`})
	if got := p.replies(p.mention("What is KAP?"), 1)[0]; !strings.Contains(got.Content, "etamine") {
		t.Errorf("wrote %q", got.Content)
	}
}

// Someone in danger is answered in private where the bot listens uncalled, too.
func TestUncalledCrisis(t *testing.T) {
	p := inGuild(t)
	p.settings("auto", p.room.ID)
	p.Say(p.ann, p.room.ID, "I want to kill myself")
	p.await("the private answer", func() bool { return len(p.mine(p.DM(p.ann).ID)) == 1 })
	if got := p.mine(p.room.ID); len(got) != 0 {
		t.Errorf("the bot wrote %d messages in public", len(got))
	}
}
