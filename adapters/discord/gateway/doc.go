// Package gateway keeps the connections to Discord's gateway: it knows sockets,
// sessions and shards, and nothing of what a bot says.
//
// discordgo's own Session is not used for this. It locks itself up when op 7 or
// op 11 comes before READY, waits for ever for a HELLO, and closes a dead link
// with 1000, which throws the session and all that was missed away;
// plain_test.go shows each. This package decodes only the envelope, and whoever
// handles an [Event] decodes the rest.
//
// # One connection
//
// [Client.Run] takes shards by lease, so that each has one owner among all
// replicas, and keeps one connection for each. A connection says HELLO, IDENTIFY
// or RESUME, READY or RESUMED; then events come in order. Every read, write
// and wait has a deadline, a heartbeat without acknowledgement ends the
// connection, and what ends it decides how the next one begins:
//
//	lost, op 7, zombie, 4000 …   RESUME at the resume address
//	op 9 (true)                  RESUME after a pause
//	op 9 (false), 4007, 4009     IDENTIFY after a pause
//	4004, 4010 to 4014           Run ends with an [*Error] that says what to mend
//
// # Nothing missed
//
// An event counts as received only when its handler returned nil. If the handler
// cannot take it, the connection ends and RESUME asks for it again. The session's
// id and the last sequence number are kept in the store, so that a new owner
// resumes where a frozen or a stopped one was.
package gateway
