package kb

import (
	"context"
	"testing"

	"kapbot/kb/classify"
	"kapbot/kb/wordings"
)

// TestTheModelIsThatOfTheWordings holds the committed model to its data: change
// a wording and `go generate ./kb` has to run.
func TestTheModelIsThatOfTheWordings(t *testing.T) {
	all, err := wordings.Read(wordings.Files)
	if err != nil {
		t.Fatal(err)
	}
	m, err := openModel()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Digest(), classify.Digest(all, classify.Recipe()); got != want {
		t.Errorf("kap.model was fitted on %s, the wordings are %s: run go generate ./kb", got, want)
	}
}

// TestTheModelKnowsTheDocument: every topic and subject is a class, and the
// document's own questions find their topics.
func TestTheModelKnowsTheDocument(t *testing.T) {
	l := open(t, Options{})
	for _, topic := range l.Topics() {
		r := l.Rank(topic.Question, "")
		if r.Topics[0] != topic {
			t.Errorf("%q: %s comes first, want %s", topic.Question, r.Topics[0].ID, topic.ID)
		}
	}
	for _, s := range l.docs[0].Subjects {
		if l.Reasons(s.ID, 1, s.Title, "") == nil {
			t.Errorf("the model does not know the subject %q", s.ID)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	l, err := Open(context.Background(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	b.ReportAllocs()
	for b.Loop() {
		l.Rank("does it help with treatment resistant depression", "what-is-kap")
	}
}
