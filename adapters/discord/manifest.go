package discord

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// permissions are the fewest with which all works: see channels, write in
// them and in threads, and read what was said for replies and for what was missed.
const permissions = 1<<10 | 1<<11 | 1<<16 | 1<<38

// InviteURL is the address that a moderator opens to add the bot to a server.
func InviteURL(applicationID string) string {
	q := url.Values{"client_id": {applicationID}, "scope": {"bot applications.commands"}, "permissions": {strconv.Itoa(permissions)}, "integration_type": {"0"}}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}

// UserInstallURL is the address with which a person adds the bot for themselves.
func UserInstallURL(applicationID string) string {
	q := url.Values{"client_id": {applicationID}, "scope": {"applications.commands"}, "integration_type": {"1"}}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}

// Manifest says how to set the application up: what `kapbot manifest discord` prints.
func Manifest(applicationID string, messageContent bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Add the bot to a server (you need \"Manage Server\" there):\n  %s\n\n", InviteURL(applicationID))
	fmt.Fprintf(&b, "Add it for yourself, to use it anywhere:\n  %s\n\n", UserInstallURL(applicationID))
	b.WriteString("It asks for these permissions and no others:\n")
	for _, line := range []string{
		"View Channels            to see where it is called",
		"Send Messages            to answer",
		"Send Messages in Threads to answer in threads and forum posts",
		"Read Message History     to reply to a message, and to find what it missed while it was away",
	} {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	b.WriteString("\nPrivileged intents, on the page Bot of https://discord.com/developers/applications/" + applicationID + "/bot:\n")
	if messageContent {
		b.WriteString("  Message Content Intent   switch ON: you set message_content = true, so that it can answer without being called\n")
	} else {
		b.WriteString("  Message Content Intent   leave off: commands, mentions, replies and direct messages work without it.\n" +
			"                           To have it answer without being called, switch it on and set message_content = true\n")
	}
	b.WriteString("  Presence Intent          leave off\n  Server Members Intent    leave off\n")
	return b.String()
}
