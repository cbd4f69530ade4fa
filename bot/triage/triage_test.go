package triage

import "testing"

func TestAssess(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Class
	}{
		{"", None},
		{"What is ketamine-assisted psychotherapy?", None},
		{"I want to die.", Crisis},
		{"i really wanna kms", Crisis},
		{"I don't want to be alive anymore", Crisis},
		{"my sister says she wants to die", CrisisForAnother},
		{"my friend took a whole bottle of pills and wont wake up", Emergency},
		{"how much ketamine should I take?", Dosing},
		{"where can i buy ketamine", Obtain},
		{"should I stop my lithium before the session?", MedicalAdvice},
		{"I was suicidal ten years ago", None},
		{"does ketamine help people who want to die?", None},
	} {
		if got := Assess(tt.text); got.Class != tt.want {
			t.Errorf("Assess(%q) = %q (%v), want %q", tt.text, got.Class, got.Evidence, tt.want)
		}
	}
}
