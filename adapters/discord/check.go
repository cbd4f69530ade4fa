package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"kapbot/adapters/discord/rest"
)

// Finding is one thing that Check looked at.
type Finding struct {
	OK   bool
	Text string // what was found
	Mend string // what to do about it; "" if OK
}

// Check asks Discord whether everything is set up, and changes nothing.
func (a *Adapter) Check(ctx context.Context) []Finding {
	var self struct{ ID string }
	if err := a.get(ctx, "users/@me", &self); err != nil {
		return []Finding{{Text: fmt.Sprintf("the token does not work: %v", err),
			Mend: "copy the token anew from the developer portal, page Bot (Reset Token), and set [discord] token"}}
	}
	all := []Finding{{OK: true, Text: "the token works"}}
	return append(append(all, a.checkApplication(ctx)...), a.checkCommands(ctx), a.checkGuilds(ctx), a.checkSessions(ctx))
}

func (a *Adapter) get(ctx context.Context, path string, out any) error {
	return a.api.Do(ctx, rest.Request{Method: http.MethodGet, Path: path}, out)
}

// Flags of an application that may read message content.
const contentAllowed = 1<<18 | 1<<19

func (a *Adapter) checkApplication(ctx context.Context) []Finding {
	var app struct {
		ID        string `json:"id"`
		Flags     int    `json:"flags"`
		VerifyKey string `json:"verify_key"`
	}
	if err := a.get(ctx, "applications/@me", &app); err != nil {
		return []Finding{{Text: fmt.Sprintf("the application could not be read: %v", err), Mend: "try again in a minute"}}
	}
	id := Finding{OK: app.ID == a.o.ApplicationID, Text: "the application id fits the token"}
	if !id.OK {
		id.Text, id.Mend = "the application id is another application's than the token", "set [discord] application_id to "+app.ID
	}
	out := []Finding{id}
	if a.o.MessageContent {
		f := Finding{OK: app.Flags&contentAllowed != 0, Text: "the message content intent is switched on"}
		if !f.OK {
			f.Text, f.Mend = "the message content intent is switched off", "switch it on in the developer portal, page Bot, or set [discord] message_content = false"
		}
		out = append(out, f)
	}
	if a.o.Mode == ModeHTTP {
		f := Finding{OK: app.VerifyKey == a.o.PublicKey, Text: "the public key is the application's"}
		if !f.OK {
			f.Text, f.Mend = "the public key is not the application's", "set [discord] public_key to "+app.VerifyKey
		}
		out = append(out, f)
	}
	return out
}

func (a *Adapter) checkCommands(ctx context.Context) Finding {
	path := "applications/" + a.o.ApplicationID + "/commands"
	if a.o.Guild != "" {
		path = "applications/" + a.o.ApplicationID + "/guilds/" + a.o.Guild + "/commands"
	}
	var there []struct {
		Name string `json:"name"`
	}
	if err := a.get(ctx, path, &there); err != nil {
		return Finding{Text: fmt.Sprintf("the commands could not be read: %v", err), Mend: "try again in a minute"}
	}
	have := map[string]bool{}
	for _, c := range there {
		have[c.Name] = true
	}
	for _, c := range Commands() {
		if !have[c.Name] {
			return Finding{Text: "the command " + quoted(c.Name) + " is not registered", Mend: "start kapbot serve: it registers the commands"}
		}
	}
	return Finding{OK: true, Text: "the commands are registered"}
}

func quoted(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return string(raw)
}

func (a *Adapter) checkGuilds(ctx context.Context) Finding {
	var guilds []struct{ ID string }
	switch err := a.get(ctx, "users/@me/guilds", &guilds); {
	case err != nil:
		return Finding{Text: fmt.Sprintf("the servers could not be read: %v", err), Mend: "try again in a minute"}
	case len(guilds) == 0:
		return Finding{Text: "the bot is in no server", Mend: "open the invite link that kapbot manifest discord prints: " + InviteURL(a.o.ApplicationID)}
	}
	return Finding{OK: true, Text: fmt.Sprintf("the bot is in %d servers (200 at most are counted)", len(guilds))}
}

func (a *Adapter) checkSessions(ctx context.Context) Finding {
	if a.o.Mode == ModeHTTP {
		return Finding{OK: true, Text: "no gateway is needed"}
	}
	info, err := a.gatewayInfo(ctx)
	switch {
	case err != nil:
		return Finding{Text: fmt.Sprintf("the gateway is not known: %v", err), Mend: "try again in a minute"}
	case info.Remaining < info.Shards:
		return Finding{Text: fmt.Sprintf("only %d sessions can be begun for %d shards", info.Remaining, info.Shards),
			Mend: fmt.Sprintf("wait %v, and look in the log why so many were begun", info.ResetAfter)}
	}
	return Finding{OK: true, Text: fmt.Sprintf("the gateway is ready for %d shards", info.Shards)}
}
