package kb_test

import (
	"testing"

	"kapbot/kb"
	"kapbot/kb/classify"
	"kapbot/kb/kbtest"
)

// In a library too large to fit the model for, added topics are found by search,
// and the built-in ones as before.
func TestLargeLibrariesAreAnsweredBySearch(t *testing.T) {
	l := mustOpen(t, kb.Options{Documents: kbtest.NewGenerator().Documents(t, t.TempDir(), 300)})
	defer l.Close()
	small := mustOpen(t, kb.Options{})
	defer small.Close()
	topics := l.Topics()
	for i := 20; i < len(topics); i += 40 {
		topic := topics[i]
		for _, q := range []string{topic.Question, "could you tell me what about " + topic.AlsoAsked[1]} {
			r := l.Rank(q, "")
			if r.Verdict != classify.Sure || r.Topics[0] != topic {
				t.Errorf("%q: verdict %v, topic %s, want %s for sure", q, r.Verdict, r.Topics[0].ID, topic.ID)
			}
		}
	}
	for _, q := range []string{"what is the weather tomorrow", "does it help with PTSD", "who is allowed to prescribe it", "how much does it cost"} {
		got, want := l.Rank(q, ""), small.Rank(q, "")
		if got.Verdict != want.Verdict || got.Topics[0].ID != want.Topics[0].ID {
			t.Errorf("%q: verdict %v, topic %s; without the added documents %v, %s", q, got.Verdict, got.Topics[0].ID, want.Verdict, want.Topics[0].ID)
		}
	}
}
