// Package render draws a [bot.Reply] as a Discord message. A [Message] can only be made
// from a reply, so it always carries the disclaimer, and it keeps to Discord's
// limits by construction: what does not fit is cut from the body, never from
// the lines of help or the disclaimer.
//
// [Draw] uses Components V2: a container of texts, sections with a link, separators, buttons and
// select menus. [Plain] is the same in plain text for where that is refused. What a press
// needs to know travels in the custom id, as a [Press]; nothing is stored.
package render
