package kb

import (
	"context"
	"testing"
)

func TestSearch(t *testing.T) {
	l, err := Open(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, q := range []string{"who can prescribe it", "shrink", "chronic pain study", "Dore 2019", "how does ketmine work", "TRD", "cost", "6 months"} {
		hits, err := l.Search(context.Background(), q, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			t.Logf("%-25s %-25s %.2f %s %s", q, h.ID(), h.Score, h.Passage.Kind, h.Passage.Text)
		}
	}
	for _, q := range []string{"how d", "wh", "brain"} {
		ts, err := l.Complete(context.Background(), q, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, tp := range ts {
			t.Log(q, tp.Question)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		l, err := Open(context.Background(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}

func BenchmarkSearch(b *testing.B) {
	l, err := Open(context.Background(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	for b.Loop() {
		if _, err := l.Search(context.Background(), "does it help with treatment resistant depression", 5); err != nil {
			b.Fatal(err)
		}
	}
}
