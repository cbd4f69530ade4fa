package render

import (
	"errors"
	"strings"
)

// Press is what a button or a menu says when it is used. It travels in the
// custom id, which Discord keeps with the message.
type Press struct {
	Action Action
	Asker  string // id of the person whose answer it is, or ""
	Arg    string // a topic's id, a message's, a bit mask: by action
}

// Action is what a press asks for.
type Action string

// The actions.
const (
	Choose    Action = "did"   // a choice of "did you mean": Arg is a topic
	Show      Action = "show"  // a topic from a menu: the value is the topic
	Helpful   Action = "up"    // Arg is the topic
	Unhelpful Action = "down"  // Arg is the topic
	Why       Action = "why"   // the value is the reason, Arg message/topic
	Delete    Action = "del"   // take the answer away
	Share     Action = "share" // Arg is the topic
	Post      Action = "post"  // Arg is message/topic
	PostPing  Action = "ping"  // the same, and the author is notified
	Tick      Action = "tick"  // the checklist: Arg is a bit mask and a page
	Set       Action = "set"   // the settings: Arg is the field
)

// maxID is the longest custom id.
const maxID = 100

// version begins every custom id, so that a later form can tell the old ones.
const version = "k1"

var errPress = errors.New("render: not a press of ours")

// ID is the custom id, or "" if the parts do not fit: whoever draws leaves the
// button out then.
func (p Press) ID() string {
	id := strings.Join([]string{version, string(p.Action), p.Asker, p.Arg}, ":")
	if Size(id) > maxID || strings.Contains(string(p.Action)+p.Asker, ":") {
		return ""
	}
	return id
}

// ParsePress reads a custom id. Anyone can send any text as one.
func ParsePress(id string) (Press, error) {
	parts := strings.SplitN(id, ":", 4)
	if len(parts) != 4 || parts[0] != version || len(id) > 4*maxID {
		return Press{}, errPress
	}
	p := Press{Action: Action(parts[1]), Asker: parts[2], Arg: parts[3]}
	if strings.Trim(p.Asker, "0123456789") != "" {
		return Press{}, errPress
	}
	switch p.Action {
	case Choose, Show, Helpful, Unhelpful, Why, Delete, Share, Post, PostPing, Tick, Set:
		return p, nil
	}
	return Press{}, errPress
}
