// Package discord answers on Discord: commands, mentions, direct messages, forum
// posts and messages that a moderator picks.
//
//	a, err := discord.New(discord.Options{Token: token, ApplicationID: id, Bot: b, Engine: e, Store: s})
//	err = a.Run(ctx)
//
// # An event's way
//
// Package gateway, or the HTTP endpoint in endpoint.go, hands over an event's JSON. payload.go
// decodes what we need of it and no more. incoming.go decides whether a message is
// for us, interaction.go what a command or a press wants; both submit an
// engine.Event. The engine calls back with a bot.Reply, which package render
// draws and deliver.go posts through package rest.
//
// # Nothing lost, nothing twice
//
// The gateway replays what a lost connection missed, and catchup.go reads the last 15
// minutes over REST where that is not possible. The engine handles each id once; a
// nonce made from the id makes Discord drop a second post; an interaction can
// be answered only once anyway.
//
// # What is kept
//
// The store holds a session's place, a server's settings, and for direct messages the
// channel's id and when it was last used. What was answered is remembered in memory for an
// hour, as ids, so that an answer follows its question when that is edited or deleted.
package discord
