package engine

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxWording is how many characters of a question are kept at most.
const maxWording = 300

// redactions are tried in order: each takes out one sort of thing that could name
// someone. What stands in brackets afterwards is never touched again.
var redactions = []struct {
	what    *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)<(?:https?:|mailto:|tel:)[^>]*>`), "[link]"},
	{regexp.MustCompile(`<[@#!:a-zA-Z][^>]*>`), "[name]"}, // a platform's own mentions
	{regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`), "[link]"},
	{regexp.MustCompile(`(?i)[\p{L}\p{N}._%+'-]+\s*(?:@|\(at\)|\[at\])\s*` +
		`[\p{L}\p{N}.-]+\s*(?:\.|\(dot\)|\[dot\])\s*\p{L}{2,}`), "[e-mail]"},
	{regexp.MustCompile(`(?i)\b[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*` +
		`\.(?:com|org|net|edu|gov|info|io|me|co|us|uk|de|ca|au|health|clinic)\b(?:/\S*)?`), "[link]"},
	{regexp.MustCompile(`[@#][\p{L}\p{N}_.-]+|@`), "[name]"},
	{regexp.MustCompile(`\+?[\p{Nd}(][\p{Nd}\p{Zs}().,:/#-]*\p{Nd}|\p{Nd}`), "[number]"},
	{regexp.MustCompile(`[\p{L}_-]*\[number\][\p{L}\p{N}_-]*`), "[number]"}, // "5mg", "room12b", "2nd"
}

// introduces matches what people say before a name, and up to three words after it.
var introduces = regexp.MustCompile(`(?i)\b((?:my|his|her|their|the|whose) (?:full |first |last |middle )?names?(?: is|'s|:)?` +
	`|(?:i am|i'm|im|this is|it's|its|call me|called|named|known as|signed|sincerely|regards|thanks,|cheers,|dear|hi|hello|hey` +
	`|dr|doctor|prof|professor|nurse|mr|mrs|ms|miss|mx|sir|aunt|auntie|uncle)\b[.,:]?)((?: \p{L}[\p{L}'’-]*){1,3})`)

// Redact returns a question without what could name someone: addresses, links, mentions,
// numbers of every sort, and names, known by how they are introduced or
// because they are capitalised where an ordinary word would not be. It takes out too much
// rather than too little: no list of names is complete. What is left is one line of at
// most 300 characters.
func Redact(text string) string {
	text = shorten(strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "), 4*maxWording)
	for _, r := range redactions {
		text = r.what.ReplaceAllString(text, r.instead)
	}
	text = introduces.ReplaceAllStringFunc(text, redactIntroduced)
	text = redactCapitalised(text)
	return shorten(text, maxWording)
}

// redactIntroduced takes the name out of "my name is ann lee and", and leaves "i am afraid".
func redactIntroduced(s string) string {
	m := introduces.FindStringSubmatch(s)
	words := strings.Fields(m[2])
	n := 0
	for n < len(words) && !ordinary[strings.ToLower(words[n])] {
		n++
	}
	if n == 0 {
		return s
	}
	return strings.Join(append([]string{m[1], "[name]"}, words[n:]...), " ")
}

// word matches a word, with what is joined to it by an apostrophe or a hyphen.
var word = regexp.MustCompile(`\p{L}[\p{L}\p{M}'’-]*`)

// redactCapitalised takes out capitalised words, but for those that begin a sentence
// and are ordinary, or that this subject is full of ("KAP", "MDMA", "VA").
func redactCapitalised(text string) string {
	var b strings.Builder
	last := 0
	for _, at := range word.FindAllStringIndex(text, -1) {
		w := text[at[0]:at[1]]
		if !capitalised(w) || ordinary[strings.ToLower(w)] || bracketed(text, at) {
			continue
		}
		b.WriteString(text[last:at[0]])
		b.WriteString("[name]")
		last = at[1]
	}
	b.WriteString(text[last:])
	return joinNames.ReplaceAllString(b.String(), "[name]")
}

// joinNames matches the first and the last name of one person.
var joinNames = regexp.MustCompile(`\[name\](?:[ .]+\[name\])+`)

func capitalised(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return strings.ToLower(string(r)) != string(r)
}

func bracketed(text string, at []int) bool {
	return at[0] > 0 && text[at[0]-1] == '[' && at[1] < len(text) && text[at[1]] == ']'
}

// shorten cuts text to n characters, between words.
func shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	cut := string([]rune(text)[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}
