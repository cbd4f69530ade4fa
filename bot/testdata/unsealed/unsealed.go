// Package unsealed tries to write down a reply without the disclaimer. It must
// not compile; a test says so.
package unsealed

import "kapbot/bot"

var reply = bot.Reply{d: nil, words: nil}
