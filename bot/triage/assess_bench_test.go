package triage

import (
	"strings"
	"testing"
)

// long is a message of 4,000 characters as people write them.
var long = strings.Repeat("I have been so tired since the spring, and nobody at work knows. My doctor says to give it time. ", 42)[:4000]

func BenchmarkAssessLong(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Assess(long)
	}
}

func BenchmarkAssessQuestion(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Assess("does ketamine therapy help with depression?")
	}
}
