package linear

import "testing"

func BenchmarkScoreShortQuestion(b *testing.B) {
	m := fitFruit(b, testOptions)
	b.ReportAllocs()
	for b.Loop() {
		m.Score("how long do apples keep in an old hammer box?")
	}
}
