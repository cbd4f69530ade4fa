package kb

import (
	"context"
	"strings"
	"testing"
)

// TestBest: of a topic's text, the sentence or item that a question is about.
func TestBest(t *testing.T) {
	l := library(t)
	for _, c := range []struct{ topic, question, want string }{
		{"what-is-kap", "what is KAP?", "Ketamine-assisted psychotherapy (KAP) is"},
		{"what-is-kap", "does it change perception", "The ketamine experience"},
		{"what-is-kap", "will my thinking be less rigid", "The ketamine experience"},
		{"what-is-kap", "is it given by trained people", "It is always administered"},
		{"what-is-kap", "is it in a clinical setting or at home", "It is always administered"},
		{"what-is-kap", "is it always a professional who gives it", "It is always administered"},
		{"what-is-kap", "is there talk therapy with it", "Ketamine-assisted psychotherapy (KAP) is"},
		{"how-it-works", "what does it do in the brain", "Ketamine works by"},
		{"how-it-works", "what is glutamate to do with it", "Ketamine works by"},
		{"how-it-works", "why is psychotherapy paired with it", "When paired with"},
		{"how-it-works", "what is the window", "When paired with"},
		{"how-it-works", "is it faster than antidepressants", "Research to date"},
		{"how-it-works", "is it effective for PTSD", "Research to date"},
		{"how-it-works", "do the benefits last long-term", "Research to date"},
		{"how-it-works", "how long til symptom releif", "Research to date"},
		{"who-benefits", "traditional medications did nothing for me", "Ketamine-assisted psychotherapy may be"},
		{"who-benefits", "I feel stuck", "It can also help"},
		{"who-benefits", "rigid emotional patterns", "It can also help"},
		{"who-benefits", "is it for anxiety", "Ketamine-assisted psychotherapy may be"},
		{"choosing-a-provider", "does the prescriber have to be licensed", "Licensed medical prescriber"},
		{"choosing-a-provider", "MD or NP?", "Licensed medical prescriber"},
		{"choosing-a-provider", "what about transparent pricing", "Transparent pricing"},
		{"choosing-a-provider", "are there emergency procedures", "Clear safety protocols"},
		{"choosing-a-provider", "informed consent", "Clear safety protocols"},
		{"choosing-a-provider", "screening before starting treatment", "Comprehensive medical"},
		{"choosing-a-provider", "should they tailor treatment to my goals", "Patient-centered care, tailoring"},
		{"choosing-a-provider", "unrealistic promises and pressure", "Transparent pricing"},
		{"choosing-a-provider", "clear boundaries", "Trauma-informed, supportive environment"},
		{"choosing-a-provider", "what specialized training", "Specialized training"},
		{"study-narrative-review", "is it a good overview, a synthesis of the evidence", "(Good high-level synthesis"},
		{"study-narrative-review", "small samples", "Comprehensive narrative"},
		{"what-is-kap", "zzz", ""},
		{"what-is-kap", "", ""},

		// Buried in a long message, the sentence that asks counts.
		{"choosing-a-provider", "I have had depression for ten years, with therapy and medical treatment of every kind, and my goals and needs changed. " +
			"Last week I read about a clinic. Should they have emergency procedures?", "Clear safety protocols"},
		{"how-it-works", "My brain feels foggy and my thinking goes in circles, it is emotional and I need new healthier patterns. " +
			"Is it really faster than antidepressants? Thanks so much", "Research to date"},
	} {
		got, err := l.Best(context.Background(), l.Topic(c.topic), c.question)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s, %q: %q stands out, want %q…", c.topic, c.question, got, c.want)
		}
	}
}
