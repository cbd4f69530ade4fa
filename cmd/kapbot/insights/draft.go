package insights

import (
	"fmt"
	"io"
	"strings"
	"time"

	"kapbot/bot/engine"
)

// drafted is how many subjects a draft holds.
const drafted = 10

// WriteDraft writes the beginning of a document that covers what was asked most
// and is not covered: a topic for each subject, to be filled in. A topic with a
// subject's id takes the subject over.
func (s Summary) WriteDraft(w io.Writer, day time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, `+++
id = "answers"
title = "Answers of our clinic"
language = "en"
reviewed = %s
+++
`, day.Format(time.DateOnly))
	n := 0
	for _, subject := range s.NotCovered {
		if subject.Name == "" || n == drafted {
			continue
		}
		n++
		id := subject.Name[strings.LastIndex(subject.Name, "/")+1:]
		name := strings.ReplaceAll(id, "-", " ")
		fmt.Fprintf(&b, "\n<!-- Asked %s from %s to %s. Put the heading as a question, then write the answer. -->\n\n## %s? {#%s}\n\nWrite the answer here.\n",
			times(subject.N), s.Since.Format(time.DateOnly), s.Until.Format(time.DateOnly), upper(name), id)
	}
	if n == 0 {
		b.WriteString("\n<!-- Nobody asked about a known subject that is not covered in this time. A longer one: --since 365d -->\n")
	}
	if len(s.Unanswered) > 0 {
		b.WriteString("\n<!-- Questions that no document answers, in the words in which they were asked:\n")
		for _, u := range s.Unanswered[:min(most, len(s.Unanswered))] {
			fmt.Fprintf(&b, "     %s: %s\n", times(u.N), uncomment(u))
		}
		b.WriteString("-->\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// uncomment keeps a wording from ending the comment that it stands in.
func uncomment(u engine.Wording) string { return strings.ReplaceAll(u.Text, "--", "- -") }

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
