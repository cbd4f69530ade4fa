// Package terminal lets a person talk with the bot in a terminal, or a program
// through a pipe.
//
// On a terminal, New reads lines with editing and history, wraps replies to the
// width, makes the sentence that matched stand out and lets links be clicked
// where the terminal can do that. NO_COLOR and TERM=dumb are honoured. Where
// input or output is not a terminal, each line in is a question and each reply
// is plain text, without a single escape code.
package terminal
