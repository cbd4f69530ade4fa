package triage

import "strings"

// respell mends words that were broken on purpose or in haste, so that rules
// and model read what was meant. A mend is made only towards a word that the
// rules know, so that "mp3", "b12" and "self-employed" stay what they are.
func respell(words []string) []string {
	words = joinLetters(words)
	known := ruleBook().knows
	out := words[:0:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+1 < len(words) && isClitic(words[i+1]) && splitsBefore(w) {
			out = append(out, w+words[i+1]) // "don t", "i m"
			i++
			continue
		}
		if known(w) {
			out = append(out, w)
			continue
		}
		out = append(out, respellWord(w, known)...)
	}
	return out
}

func respellWord(w string, known func(string) bool) []string {
	if len(w) > 40 {
		return splitMarks(w)
	}
	if strings.ContainsAny(w, "*@$!#.-_+0134578") {
		if m := unmask(w, known); m != "" {
			return []string{m}
		}
	}
	if strings.ContainsAny(w, "*@$!#.-_+") {
		return respell(splitMarks(w))
	}
	if s := shorten(w, known); s != w {
		return []string{s}
	}
	if m := mend(w); m != "" {
		return []string{m}
	}
	return []string{w}
}

func splitMarks(w string) []string {
	return strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("*@$!#.-_+", r) })
}

// unmask reads digits and signs as the letters they are drawn like, or drops
// signs, or takes "*" for any letter of a grave word.
func unmask(w string, known func(string) bool) string {
	if !hasLetter(w) {
		return ""
	}
	if s := leet.Replace(w); known(s) {
		return s
	}
	bare := strings.Join(splitMarks(w), "")
	if bare != w && (known(bare) || known(shorten(bare, known))) {
		return shorten(bare, known)
	}
	if strings.ContainsAny(w, "*#_-@") {
		for _, g := range graveWords {
			if matchesMasked(w, g) {
				return g
			}
		}
	}
	return ""
}

var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i", "+", "t")

func hasLetter(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool { return r >= 'a' && r <= 'z' || r > 0x7f })
}

func matchesMasked(masked, word string) bool {
	if len(masked) != len(word) || masked[0] != word[0] {
		return false
	}
	for i := range len(word) {
		if masked[i] != word[i] && !strings.ContainsRune("*#_-@", rune(masked[i])) {
			return false
		}
	}
	return true
}

// graveWords are worth looking for behind asterisks and typing slips.
var graveWords = []string{
	"suicide", "suicidal", "suicides", "myself", "overdose", "overdosed", "unalive", "kill", "killing", "killed", "dead", "death",
	"die", "dying", "hang", "hanging", "harm", "selfharm", "unconscious", "breathing", "ketamine", "lozenge", "lozenges",
}

// mend undoes one slip (a letter too many, too few, wrong or swapped) in a
// grave word of six letters or more.
func mend(w string) string {
	if len(w) < 5 {
		return ""
	}
	for _, g := range graveWords {
		if len(g) >= 6 && w[0] == g[0] && w != g && oneSlip(w, g) {
			return g
		}
	}
	return ""
}

// oneSlip reports whether a and b differ by one edit.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// shorten brings three or more of a letter down to two, or to one: to
// whichever the rules know ("killl", "diiie").
func shorten(w string, known func(string) bool) string {
	long := false
	for i := 2; i < len(w) && !long; i++ {
		long = w[i] == w[i-1] && w[i] == w[i-2]
	}
	if !long || w[0] >= '0' && w[0] <= '9' {
		return w
	}
	if two := squeeze(w, 2); known(two) {
		return two
	}
	return squeeze(w, 1)
}

// squeeze brings runs of three or more of a byte down to n.
func squeeze(w string, n int) string {
	var b strings.Builder
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		run := j - i
		if run > 2 {
			run = n
		}
		for range run {
			b.WriteByte(w[i])
		}
		i = j
	}
	return b.String()
}

// joinLetters puts "s u i c i d e" together again. A run that holds several
// words is cut where the rules know the pieces.
func joinLetters(words []string) []string {
	const fewest, most = 4, 60
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && j-i < most && len(words[j]) == 1 && (words[j][0] >= 'a' && words[j][0] <= 'z') {
			j++
		}
		if j-i >= fewest {
			if out == nil {
				out = append(out, words[:i]...)
			}
			out = append(out, cutWords(strings.Join(words[i:j], ""))...)
			i = j
			continue
		}
		if out != nil {
			out = append(out, words[i])
		}
		i++
	}
	if out == nil {
		return words
	}
	return out
}

// cutWords cuts letters into as few known words as it can; if it cannot, they
// stay one word.
func cutWords(letters string) []string {
	known := ruleBook().knows
	best := make([]int, len(letters)+1) // fewest words up to here, 0 for none
	from := make([]int, len(letters)+1)
	for end := 1; end <= len(letters); end++ {
		for start := max(0, end-12); start < end; start++ {
			if (start > 0 && best[start] == 0) || !known(letters[start:end]) {
				continue
			}
			if n := best[start] + 1; best[end] == 0 || n < best[end] {
				best[end], from[end] = n, start
			}
		}
	}
	if best[len(letters)] == 0 {
		return []string{letters}
	}
	out := make([]string, best[len(letters)])
	for end, n := len(letters), len(out)-1; end > 0; end, n = from[end], n-1 {
		out[n] = letters[from[end]:end]
	}
	return out
}

func isClitic(w string) bool {
	switch w {
	case "t", "m", "ve", "ll", "re", "s", "d":
		return true
	}
	return false
}

func splitsBefore(w string) bool {
	switch w {
	case "i", "you", "he", "she", "it", "we", "they", "that", "there", "what", "who", "don", "can", "won", "isn", "aren", "wasn",
		"weren", "didn", "doesn", "couldn", "wouldn", "shouldn", "haven", "hasn", "hadn", "ain":
		return true
	}
	return false
}
