package bot

import (
	"slices"
	"strings"

	"kapbot/kb"
)

// Small talk is known by the whole message, so that "hi, how much is it?" is
// still a question.
var (
	greetings = phrases("hi", "hello", "hey", "hey there", "hi there", "hello there", "good morning", "good afternoon",
		"good evening", "yo", "hiya", "howdy", "greetings", "hola", "anyone there", "hello anyone there", "is anyone there", "start")
	thanks = phrases("thanks", "thank you", "thank you so much", "thanks a lot", "thx", "ty", "cheers", "great thanks",
		"ok thanks", "okay thanks", "ok thank you", "many thanks", "thanks for your help", "that helps", "that helped", "perfect thanks")
	farewells = phrases("bye", "goodbye", "good bye", "see you", "good night", "bye bye", "see you later", "have a good day")
	humans    = phrases("are you human", "are you a human", "are you real", "are you a real person", "are you a person", "are you a bot",
		"are you a robot", "is this a bot", "is this a real person", "am i talking to a human", "am i talking to a person",
		"am i talking to a bot", "am i talking to a real person", "is this ai", "are you ai", "are you an ai", "are you a program",
		"who are you", "what are you", "are you chatgpt", "is a human reading this", "is anyone reading this", "are you a doctor", "are you a therapist")
	moods = phrases("how are you", "how are you doing", "whats up", "what s up", "hows it going", "how s it going", "how do you feel")
	helps = phrases("help", "help me", "menu", "topics", "what can you do", "what can i ask", "what can i ask you", "what do you know",
		"how do i use this", "commands", "options", "what can you help with", "what can you tell me")
)

func phrases(list ...string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, p := range list {
		set[p] = true
	}
	return set
}

// smallTalk answers what is no question about the document.
func (t *turn) smallTalk() (draft, bool) {
	w := t.bot.words
	said := kb.Simplify(strings.ReplaceAll(t.message.Text, "'", ""))
	switch {
	case said == "":
		return t.line(Help, w.Empty), true
	case helps[said]:
		return t.help(), true
	case greetings[said]:
		return t.line(SmallTalk, w.Hello), true
	case thanks[said]:
		return t.line(SmallTalk, w.Thanks), true
	case farewells[said]:
		return t.line(SmallTalk, w.Bye), true
	case humans[said]:
		return t.line(SmallTalk, w.Human), true
	case moods[said]:
		return t.line(SmallTalk, w.HowAreYou), true
	}
	return draft{}, false
}

func (t *turn) line(k Kind, text string) draft { return draft{kind: k, blocks: []Block{say(text)}} }

func (t *turn) help() draft {
	return draft{kind: Help, blocks: []Block{say(t.bot.words.Help)}, related: choices(questions(t.lib))}
}

// questions are the topics that a person may start from: all but the studies,
// which their overview leads to.
func questions(lib *kb.Library) []*kb.Topic {
	return slices.DeleteFunc(slices.Clone(lib.Topics()), func(t *kb.Topic) bool { return t.Study != nil })
}
