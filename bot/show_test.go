package bot

import (
	"strings"
	"testing"

	"kapbot/kb"
)

func TestShowPrintsEverySentenceVerbatim(t *testing.T) {
	b := newBot(t)
	doc, err := kb.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range doc.Topics {
		r, ok := b.Show(topic.ID)
		if !ok {
			t.Errorf("there is no topic %s", topic.ID)
			continue
		}
		text := r.Text()
		for _, passage := range append(topic.Passages(), topic.Question) {
			if !strings.Contains(text, passage) {
				t.Errorf("%s does not show %q", topic.ID, passage)
			}
		}
		if topic.Note != "" && !strings.Contains(text, b.words.Note+" "+topic.Note) {
			t.Errorf("%s does not show its note", topic.ID)
		}
		if topic.Study != nil && topic.Study.DOI != "" && !strings.Contains(text, "https://doi.org/"+topic.Study.DOI) {
			t.Errorf("%s does not show its DOI as a link", topic.ID)
		}
	}
}

func TestEvidenceFindsStudiesByCondition(t *testing.T) {
	b := newBot(t)
	for condition, want := range map[string]string{
		"Chronic pain": "study-chronic-pain",
		"PTSD":         "study-3-6-months",
		"TRD":          "study-long-term-infusions study-trd-systematic-review",
	} {
		var got []string
		for _, s := range b.Evidence(condition).Sources()[1:] {
			got = append(got, s.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("evidence on %s: %v, want %s", condition, got, want)
		}
	}
	if r := b.Evidence("gout"); !strings.Contains(r.Text(), b.words.EvidenceNone) || len(r.Sources()) != 7 {
		t.Errorf("evidence on gout: %s", r.Text())
	}
	for _, c := range b.Conditions() {
		if strings.Contains(b.Evidence(c).Text(), b.words.EvidenceNone) {
			t.Errorf("no study on the condition %q that is offered", c)
		}
	}
}

func TestMissingListsWhatIsNotTicked(t *testing.T) {
	b := newBot(t)
	text := b.Missing([]int{0, 1, 2, 3, 4, 5, 7}).Text()
	if !strings.Contains(text, "Transparent pricing") || strings.Contains(text, "Patient-centered") {
		t.Errorf("missing: %s", text)
	}
	if !strings.Contains(b.Missing([]int{0, 1, 2, 3, 4, 5, 6, 7}).Text(), b.words.ChecklistComplete) {
		t.Error("a complete checklist is not said to be so")
	}
}

func BenchmarkReply(b *testing.B) {
	bt := newBot(b)
	for b.Loop() {
		bt.Reply(b.Context(), Message{Text: "does it help with treatment resistant depression", Direct: true}, Conversation{})
	}
}
