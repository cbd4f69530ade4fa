package triage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"kapbot/kb/linear"
)

//go:generate go run kapbot/cmd/fit triage

// The settings of the fit, chosen by cross-validation on the lines.
const (
	fitC      = 3
	fitUnseen = 0.5
	fitPrune  = 0.004
	fitSeed   = 10
	folds     = 5
)

// The shares of harmless lines, by cross-validation, that the thresholds let
// through. Lines written to look like danger are let through more often than
// what people ask: they are many here and few there.
var shares = struct{ alarm, quiet, alarmTopics, quietTopics, refusal float64 }{
	alarm: 0.06, quiet: 0.17, alarmTopics: 0.003, quietTopics: 0.02, refusal: 0.006,
}

// vetoBelow is how far under the alarm a rule still raises it, and a refusal's
// rule still refuses.
const vetoBelow = 0.55

// Corpus is what the model is fitted on.
type Corpus struct {
	// Lines were written for triage; see lines/.
	Lines []Line
	// Topics are wordings of the questions that the documents answer or do not
	// answer, and of what lies elsewhere: all harmless.
	Topics []Line
}

// sayNothing lists the topics whose wordings say nothing about a refusal,
// either way: "what is the usual dose" may be answered as not covered or as a
// redirect.
var sayNothing = map[Label][]Label{
	labelDosing: {"dose", "route", "number-of-sessions", "how-long-one-dose-lasts", "at-home-telehealth"},
	labelObtain: {"which-clinic-near-me", "legality-fda", "at-home-telehealth", "party-drug-stigma", "addiction-abuse", "spravato-esketamine"},
	labelMedicalAdvice: {"other-medications", "who-should-not", "is-it-safe", "other-conditions", "elderly", "side-effects",
		"supplements-diet-caffeine-cannabis-alcohol", "minors-age-limits", "bladder-long-term-harm", "driving-escort", "near-miss",
		"number-of-sessions", "other-treatments", "it-did-not-work", "travel", "emergency-during-session", "dose"},
}

// Fingerprint is a hash of the lines and rules that a model is fitted on. The
// wordings of topics are left out: a few more or fewer of them change little.
func (c Corpus) Fingerprint() string { return fingerprint(c.Lines) }

// FittedOn is the fingerprint of what the built-in model was fitted on.
func FittedOn() string { return builtin().levels.Data }

// fit learns the model and keeps its thresholds with it.
func (d prepared) fit(ctx context.Context, t thresholds) (*linear.Model, error) {
	meta, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("fit triage: %w", err)
	}
	m, err := linear.Fit(ctx, d.lines, d.classes, options(meta))
	if err != nil {
		return nil, fmt.Errorf("fit triage: %w", err)
	}
	return m, nil
}

func options(meta []byte) linear.Options {
	return linear.Options{
		Features: linear.Features{Words: 3, CharMin: 2, CharMax: 5},
		C:        fitC, Seed: fitSeed, UnseenWeight: fitUnseen, Prune: fitPrune, Meta: meta,
	}
}

// prepared is a corpus as the fit takes it.
type prepared struct {
	source  []Line
	topics  int // source[topics:] are wordings of topics
	lines   []linear.Line
	fired   []readings
	words   []int
	classes []linear.Class
}

func (c Corpus) prepare() prepared {
	d := prepared{source: slices.Concat(c.Lines, c.Topics), topics: len(c.Lines)}
	for k := range margins {
		d.classes = append(d.classes, linear.Class{Name: classNames[k], In: make([]bool, len(d.source)), Skip: make([]bool, len(d.source))})
	}
	for i, l := range d.source {
		m := normalise(l.Text)
		fired := ruleBook().read(m)
		d.lines = append(d.lines, linear.Line{Text: m.excerpt(), Extra: fired.features()})
		d.fired = append(d.fired, fired)
		d.words = append(d.words, m.words())
		if i < d.topics {
			if class := l.Label.class(); class != None {
				d.classes[danger].In[i] = class.Alarm()
				d.classes[marginOf(class)].In[i] = true
			}
			continue
		}
		for refused, topics := range sayNothing {
			d.classes[marginOf(refused.class())].Skip[i] = slices.Contains(topics, l.Label)
		}
	}
	return d
}

// levels sets the thresholds from scores of lines that the scoring model had
// not seen.
func (d prepared) levels(cv []linear.Score) thresholds {
	at := func(class int, topics bool, share float64) float64 {
		var scores []float64
		for i, s := range cv {
			if (i >= d.topics) == topics && !d.classes[class].In[i] && !d.classes[class].Skip[i] && (class != danger || !d.classes[danger].In[i]) {
				scores = append(scores, s.Margins[class])
			}
		}
		return linear.ThresholdAt(scores, make([]bool, len(scores)), share)
	}
	both := func(class int, own, topics float64) float64 {
		return roundUp(max(at(class, false, own), at(class, true, topics)))
	}
	t := thresholds{
		Alarm:  both(danger, shares.alarm, shares.alarmTopics),
		Quiet:  both(danger, shares.quiet, shares.quietTopics),
		Dosing: both(dosingMargin, shares.refusal, shares.refusal),
		Obtain: both(obtainMargin, shares.refusal, shares.refusal),
		Advice: both(adviceMargin, shares.refusal, shares.refusal),
	}
	t.Quiet = min(t.Quiet, t.Alarm)
	t.Veto, t.NoRefusal = roundUp(t.Alarm-vetoBelow), -0.9
	t.Data = fingerprint(d.source[:d.topics])
	return t
}

// fingerprint is a hash of what was written for triage: lines,
// labels and rules. The model carries it, so that a test can tell when the two
// have drifted apart.
func fingerprint(source []Line) string {
	h := sha256.New()
	for _, l := range source {
		fmt.Fprintf(h, "%s\t%s\n", l.Label, l.Text)
	}
	fmt.Fprint(h, rulesText)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// roundUp to three places, so that a threshold does not depend on the machine.
func roundUp(x float64) float64 { return math.Ceil(x*1000) / 1000 }
