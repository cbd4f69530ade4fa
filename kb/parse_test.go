package kb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const head = "+++\nid = \"clinic\"\ntitle = \"Our clinic\"\n+++\n"

func TestParseNamesEveryMistake(t *testing.T) {
	topic := "\n## When? {#when}\n\nAlways.\n"
	tests := map[string]struct {
		src  string
		want []string // "line: what is wrong"
	}{
		"no front matter":      {"## When? {#when}\n\nAlways.\n", []string{"1: the document does not begin with front matter"}},
		"open front matter":    {"+++\nid = \"x\"\n", []string{"1: the document does not begin with front matter"}},
		"empty":                {"", []string{"1: the document does not begin with front matter"}},
		"unknown key":          {"+++\nid = \"clinic\"\ntitle = \"T\"\ntags = 1\n+++\n" + topic, []string{`4: unknown key "tags" in the front matter`}},
		"broken front matter":  {"+++\nid = \"clinic\ntitle = \"T\"\n+++\n" + topic, []string{"2: the front matter cannot be read"}},
		"wrong type":           {"+++\nid = 7\ntitle = \"T\"\n+++\n" + topic, []string{"2: the front matter cannot be read"}},
		"bad document id":      {"+++\nid = \"Our Clinic\"\ntitle = \"T\"\n+++\n" + topic, []string{`1: the document's id "Our Clinic" is not a short name`}},
		"no title":             {"+++\nid = \"clinic\"\n+++\n" + topic, []string{"1: the document has no title"}},
		"bad url":              {"+++\nid = \"clinic\"\ntitle = \"T\"\nurl = \"www\"\n+++\n" + topic, []string{`1: the url "www" is not a web address`}},
		"no topics":            {head, []string{"1: the document has no topics"}},
		"no id":                {head + "\n## When?\n\nAlways.\n", []string{`6: the heading "When?" has no id`}},
		"bad id":               {head + "\n## When? {#When_we}\n\nAlways.\n", []string{`6: the id "When_we" is not a short name`}},
		"duplicate id":         {head + topic + topic, []string{`10: the id "when" is used twice, first in line 6`}},
		"topic without text":   {head + "\n## When? {#when}\n", []string{`6: the topic "when" has no text`}},
		"topic without title":  {head + "\n## {#when}\n\nAlways.\n", []string{`6: the topic "when" has no question`}},
		"study without title":  {head + topic + "\n### {#study}\n\nSummary.\n", []string{"10: the study has no title", `10: the topic "study" has no question`}},
		"study without text":   {head + topic + "\n### A study {#study}\n\n- Year: 2019\n", []string{`10: the topic "study" has no text`}},
		"malformed DOI":        {head + topic + "\n### A study {#study}\n\nSummary.\n\n- DOI: doi.org/10.1\n", []string{`14: "doi.org/10.1" is not a DOI`}},
		"unknown field":        {head + topic + "\n### A study {#study}\n\nSummary.\n\n- Author: Dore J\n", []string{`14: "Author" is not a known field of a study`}},
		"field twice":          {head + topic + "\n### A study {#study}\n\nSummary.\n\n- Year: 2019\n- Year: 2020\n", []string{"15: the field Year stands twice"}},
		"not a year":           {head + topic + "\n### A study {#study}\n\nSummary.\n\n- Year: last\n", []string{`14: "last" is not a year`}},
		"text outside":         {head + "\nWelcome.\n" + topic, []string{"6: text stands outside any topic"}},
		"heading level":        {head + "\n# Our clinic\n" + topic, []string{`6: the heading "Our clinic" stands at a level that means nothing here`}},
		"text in also asked":   {head + topic + "\n### Also asked\n\nOpening hours.\n", []string{"12: only a list can stand under Also asked"}},
		"evidence not a study": {head + topic + "\n### Evidence\n\n- when\n", []string{`12: Evidence names "when", which is not a study of this document`}},
		"subject without next": {head + topic + "\n## Not covered {#not-covered}\n\n### Cost {#cost}\n\n- price\n", []string{`12: the subject "cost" names no next step`}},
		"see nothing":          {head + topic + "\n## Not covered {#not-covered}\n\n### Cost {#cost}\n\nAsk us.\n\n- See: where\n", []string{`16: See names the topic "where"`}},
		"see no sentence":      {head + topic + "\n## Not covered {#not-covered}\n\n### Cost {#cost}\n\nAsk us.\n\n- See: when, Never\n", []string{`16: no sentence of "when" begins with "Never"`}},
		"html":                 {head + topic + "\n<script>alert(1)</script>\n", []string{"10: HTML cannot be shown on every platform"}},
		"code":                 {head + topic + "\n```\ncode\n```\n", []string{"11: this kind of text cannot be shown on every platform"}},
		"not UTF-8":            {head + "\n## When? {#when}\n\nAlways\xff.\n", []string{"8: the text is not UTF-8"}},
		"too large":            {head + topic + strings.Repeat("x", MaxSize), []string{"1: the document is 1048"}},
		"all at once":          {"+++\nid = \"X\"\n+++\n\n## When?\n\n### Where {#Where}\n", []string{"1: the document's id", "1: the document has no title", `5: the heading "When?" has no id`, `7: the id "Where"`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("clinic.md", []byte(test.src))
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("error is %v, want Problems", err)
			}
			for _, want := range test.want {
				if !strings.Contains(ps.Error(), "clinic.md:"+want) {
					t.Errorf("%q is not among\n%v", want, ps)
				}
			}
			for _, p := range ps {
				if p.Mend == "" {
					t.Errorf("no mend for %v", p)
				}
			}
		})
	}
}

func TestParseReadsADocument(t *testing.T) {
	src := "\ufeff" + strings.ReplaceAll(head, "\n", "\r\n") + "## When *are* you [open](https://clinic.example)? {#when}\r\n\r\n" +
		"We open at 9 a.m. on weekdays.\r\nDr. Gray is in. Call us!\r\n\r\n* one\r\n* two\r\n\r\n### Also asked\r\n\r\n- hours\r\n"
	d, err := Parse("clinic.md", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	topic := d.Topic("when")
	if topic == nil || topic.Question != "When are you open?" {
		t.Fatalf("topic is %+v", topic)
	}
	got := strings.Join(topic.Passages(), "|")
	want := "We open at 9 a.m. on weekdays.|Dr. Gray is in.|Call us!|one|two"
	if got != want {
		t.Errorf("passages are %q, want %q", got, want)
	}
	if len(topic.AlsoAsked) != 1 || topic.AlsoAsked[0] != "hours" {
		t.Errorf("also asked is %q", topic.AlsoAsked)
	}
}

func TestSentencesRejoin(t *testing.T) {
	for _, text := range []string{
		"One. Two! Three? (Four.) “Five.” six.", "It costs e.g. 3.5 of them. See Fig. 2 now.",
		"No end", "", "a.b.c", "What?! Yes.", "Ask Dr. J. Smith. He knows.",
	} {
		if got := strings.Join(Sentences(text), " "); got != text {
			t.Errorf("Sentences(%q) joined is %q", text, got)
		}
	}
}

func TestOpenReportsAllDocuments(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"a.md", "b.md"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	_, err := Open(t.Context(), Options{Documents: paths})
	var ps Problems
	if !errors.As(err, &ps) || ps[0].File != paths[0] || ps[len(ps)-1].File != paths[1] {
		t.Fatalf("error is %v, want the mistakes of both documents", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(builtinSource))
	f.Add(head + "\n## When? {#when}\n\nAlways.\n")
	f.Add("+++\n+++\n## {#a}\n### {#a}\n#### Also asked\n- \n")
	f.Add("+++\nid='a'\ntitle='b'\n+++\n## x {#not-covered}\n### y {#y}\nz\n- See: y, z\n")
	f.Fuzz(func(t *testing.T, src string) {
		d, err := Parse("f.md", []byte(src))
		var ps Problems
		if err != nil && !errors.As(err, &ps) {
			t.Fatalf("error is %T", err)
		}
		lines := strings.Count(src, "\n") + 1
		for _, p := range ps {
			if p.Line < 1 || p.Line > lines {
				t.Fatalf("%v: the file has %d lines", p, lines)
			}
		}
		if err != nil {
			return
		}
		for _, topic := range d.Topics {
			if topic.ID == "" || topic.Question == "" {
				t.Fatalf("topic without id or question: %+v", topic)
			}
		}
	})
}
