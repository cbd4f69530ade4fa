package triage_test

import (
	"strings"
	"testing"

	"kapbot/bot/triage"
)

// plain are messages that must be read the same however they are dressed.
var plain = map[triage.Class][]string{
	triage.Crisis: {
		"I want to kill myself", "i dont want to live anymore", "I wish I was dead", "I'm going to end my life tonight",
		"i tried to kill myself last night", "I have a gun in my hand and I want to die", "kms tonight for real",
		"i feel suicidal again", "everyone would be better off without me", "i wrote my suicide note",
		"what is the most painless way to die", "i've been cutting myself again",
	},
	triage.Emergency: {
		"my friend overdosed and won't wake up", "he is not breathing", "I took a whole bottle of pills",
		"she is having a seizure right now", "my toddler swallowed one of my lozenges", "I can't wake my husband up",
	},
	triage.CrisisForAnother: {"my sister says she wants to die", "my son is suicidal", "my friend keeps talking about killing himself"},
	triage.Obtain:           {"where can i buy ketamine without a prescription"},
	triage.Dosing:           {"how many mg of ketamine should i take"},
	triage.MedicalAdvice:    {"should i stop taking my lexapro before my session"},
	triage.None: {
		"What is ketamine-assisted psychotherapy?", "How does ketamine work in the brain?", "what does a session cost",
		"this homework is killing me", "I was suicidal ten years ago and I am glad that I am here",
		"does ketamine help with suicidal thoughts?", "my boyfriend broke up with me and I cried all day",
	},
}

// Dresses that the reading undoes letter by letter.
var disguises = map[string]func(string) string{
	"upper case":       strings.ToUpper,
	"spaces":           func(s string) string { return "  " + strings.ReplaceAll(s, " ", "   ") + "\n" },
	"zero width":       func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	"soft hyphens":     func(s string) string { return strings.ReplaceAll(s, "i", "i\u00ad") },
	"look-alikes":      strings.NewReplacer("a", "а", "e", "е", "o", "о", "i", "і", "c", "с").Replace,
	"full width":       func(s string) string { return strings.Map(fullWidth, s) },
	"combining marks":  func(s string) string { return strings.ReplaceAll(s, "e", "e\u0336\u0301") },
	"bold":             func(s string) string { return "**" + s + "**" },
	"italics":          func(s string) string { return "_" + s + "_" },
	"spoiler":          func(s string) string { return "||" + s + "||" },
	"block quote":      func(s string) string { return "> " + s },
	"mention, Slack":   func(s string) string { return "<@U024BE7LH> " + s },
	"mention, Discord": func(s string) string { return "<@80351110224678912> " + s },
	"mention, name":    func(s string) string { return "@kapbot " + s },
	"link":             func(s string) string { return s + " https://example.org/a?b=c" },
	"curly apostrophe": func(s string) string { return strings.ReplaceAll(s, "'", "’") },
	"no apostrophe":    func(s string) string { return strings.ReplaceAll(s, "'", "") },
	"split apostrophe": func(s string) string { return strings.ReplaceAll(s, "'", " ") },
	"custom emoji":     func(s string) string { return s + " <:blob:123456>" },
}

// Dresses that add words.
var company = map[string]func(string) string{
	"polite prefix": func(s string) string { return "Hi there, sorry to bother you. " + s },
	"polite suffix": func(s string) string { return s + ". Thank you for your help." },
	"emoji":         func(s string) string { return s + " 😔" },
	"second sentence of a long message": func(s string) string {
		return "I read the page about ketamine-assisted psychotherapy and I understand how a session is prepared. " + s +
			". I also looked at the studies, and at what to ask a provider about training, monitoring and integration."
	},
}

func TestDisguisesChangeNothing(t *testing.T) {
	for want, texts := range plain {
		for _, text := range texts {
			if got := triage.Assess(text); got.Class != want {
				t.Errorf("%q: %q, want %q", text, got.Class, want)
				continue
			}
			for name, dress := range disguises {
				if got := triage.Assess(dress(text)); got.Class != want {
					t.Errorf("%s: %q: %q, want %q", name, dress(text), got.Class, want)
				}
			}
		}
	}
}

func TestCompanyChangesNothing(t *testing.T) {
	for want, texts := range plain {
		for _, text := range texts {
			for name, dress := range company {
				if got := triage.Assess(dress(text)); got.Class != want {
					t.Errorf("%s: %q: %q, want %q", name, text, got.Class, want)
				}
			}
		}
	}
}

// TestSlipsAndTricks are dangers spelled wrong, in haste or on purpose.
func TestSlipsAndTricks(t *testing.T) {
	for _, text := range []string{
		"i want to k i l l myself", "s u i c i d e is all i think about", "k.i.l.l myself tonight", "i want to d1e", "i want to k1ll mys3lf",
		"im going to commit su*cide", "i am suicdal", "i want to kill mysefl", "i want to dieeeee", "i wanna un-alive myself",
		"i w a n t t o d i e", "i don t want to live anymore", "k!ll myself", "𝗜 𝘄𝗮𝗻𝘁 𝘁𝗼 𝗱𝗶𝗲", "ⓘ ⓦⓐⓝⓣ ⓣⓞ ⓓⓘⓔ", "i want 2 die",
		"my freind overdsoed he wont wake up", "I WANT TO DIE!!!!!!", "quiero morirme", "je veux mourir", "ich will sterben", "quero morrer", "voglio morire",
		"ik wil dood", "main marna chahta hoon", "я хочу умереть",
	} {
		if got := triage.Assess(text); !got.Class.Alarm() {
			t.Errorf("%q: %q, want an alarm", text, got.Class)
		}
	}
}

func fullWidth(r rune) rune {
	if r > ' ' && r <= '~' {
		return r - '!' + '！'
	}
	return r
}

func FuzzAssess(f *testing.F) {
	for _, texts := range plain {
		for _, text := range texts {
			f.Add(text)
		}
	}
	f.Add("<@U1|x> &lt; \"quoted” 💊🔫 i\u0301\u200d k.i.l.l \xff su*c*d*")
	f.Fuzz(func(t *testing.T, text string) {
		a := triage.Assess(text)
		if a.Class.Alarm() && !a.Resources {
			t.Errorf("%q: an alarm without the line of help", text)
		}
		if b := triage.Explain(text); b.Class != a.Class || b.Resources != a.Resources {
			t.Errorf("%q: explained as %q, assessed as %q", text, b.Class, a.Class)
		}
	})
}
