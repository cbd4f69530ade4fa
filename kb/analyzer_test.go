package kb

import (
	"strings"
	"testing"
)

// TestAnalyzers shows, for each analyzer, text in and tokens out.
func TestAnalyzers(t *testing.T) {
	m, err := newMapping()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ analyzer, text, want string }{
		// Case, punctuation and endings do not matter.
		{englishAnalyzer, "Treatment-Resistant Depression", "treatment resist depress"},
		{englishAnalyzer, "studies, study; STUDIED!", "studi studi studi"},
		{englishAnalyzer, "the clinic's providers’ screening", "clinic provid screen"},
		{englishAnalyzer, "ketamine “window”", "ketamin window"},
		// Compatibility characters are the letters they stand for.
		{englishAnalyzer, "ＫＡＰ ﬁnd", "kap find"},
		// Words that say nothing about the subject are dropped; those that turn
		// the question around stay.
		{englishAnalyzer, "what is it and can you do this for me", ""},
		{englishAnalyzer, "does it not work without therapy, never?", "not work without therapi never"},
		// Numbers, names and identifiers stay whole.
		{englishAnalyzer, "Dore 2019, 3 and 6 months", "dore 2019 3 6 month"},
		{englishAnalyzer, "", ""},
		{englishAnalyzer, "🙂 ?!", ""},
		// To mend slips, words stay as they are written.
		{wordAnalyzer, "The clinic's Studies, depression", "clinic studies depression"},
		// What is typed is completed word by word, as far as its eighth letter.
		{completeAnalyzer, "How do", "h ho how d do"},
		{completeAnalyzer, "psychotherapy", "p ps psy psyc psych psycho psychot psychoth"},
		{typedAnalyzer, "Psychotherapy how", "psychoth how"},
	} {
		got := strings.Join(terms(m.AnalyzerNamed(c.analyzer), c.text), " ")
		if got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.analyzer, c.text, got, c.want)
		}
	}
}
