package kb

import (
	"slices"
	"strings"
)

// longMessage is how many words a message has at least in which the question is
// looked for; a shorter one is taken whole.
const longMessage = 25

// openers are words that a question begins with when it has no question mark.
var openers = []string{
	"what", "whats", "what's", "how", "hows", "how's", "why", "who", "whos", "who's", "when", "where", "which", "is", "are", "does", "do", "did",
	"can", "could", "would", "should", "will", "has", "have", "may", "am", "any", "anyone", "anybody",
}

// requests are words by which a question is asked without being one.
var requests = []string{
	"wondering", "wonder if", "want to know", "like to know", "need to know", "tell me", "explain", "curious", "not sure if", "not sure whether",
	"my question", "question is", "any idea", "does anyone", "has anyone", "can anyone", "trying to find out", "trying to understand",
}

// Asking is the part of a message that asks: of a long one, the sentences that
// are questions or requests; of a short one, or one that asks nothing, all of it.
func Asking(message string) string {
	if len(strings.Fields(message)) < longMessage {
		return message
	}
	var asking []string
	for _, line := range strings.Split(message, "\n") {
		for _, s := range typed(line) {
			if asks(s) {
				asking = append(asking, s)
			}
		}
	}
	if len(asking) == 0 {
		return message
	}
	return strings.Join(asking, " ")
}

// typed splits a line into sentences as people type them: unlike those of a
// document, they may begin with a small letter.
func typed(line string) []string {
	var all []string
	var sentence []string
	for _, w := range strings.Fields(line) {
		sentence = append(sentence, w)
		if strings.ContainsAny(w[len(w)-1:], ".!?") && !abbreviations[strings.ToLower(strings.TrimRight(w, "."))] {
			all = append(all, strings.Join(sentence, " "))
			sentence = nil
		}
	}
	if len(sentence) > 0 {
		all = append(all, strings.Join(sentence, " "))
	}
	return all
}

// asks reports whether a sentence is a question or a request to be told.
func asks(sentence string) bool {
	text := strings.ToLower(sentence)
	if strings.Contains(text, "?") {
		return true
	}
	words := strings.Fields(text)
	for len(words) > 1 && slices.Contains([]string{"so", "and", "but", "ok", "okay", "hi", "hello", "also", "please"}, strings.Trim(words[0], ",.!")) {
		words = words[1:]
	}
	return len(words) > 0 && slices.Contains(openers, words[0]) ||
		slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(text, r) })
}
