// Package triage reads a message before anything else does and says whether
// someone may be in danger, or wants what this program must not give.
//
// It stands in front of retrieval and depends on nothing that can fail: no
// network, no store, no index, no clock. [Assess] is a pure function of the
// text, and cannot be switched off.
//
// A message is first normalised (see normalise.go), so that look-alike
// letters, zero-width characters, emoji and spacing do not hide what it says.
// Then two readers look at it:
//
//   - rules (rules.txt, read by rules.go): plain phrases, each with what
//     holds it back, written so that a clinician can read and mend them;
//   - a linear model over n-grams (model.go), fitted by fit.go (Measure) on the lines in
//     lines/ and on the wordings of kb/wordings, which are harmless.
//
// [Assess] weighs the two at two levels: an alarm is answered by a crisis line
// or an emergency number, and below it a message that comes near one gets a
// quiet line of help under its ordinary reply.
//
// What is detected, what is not, and how well, is told in docs/safety.md.
package triage

// Class says what kind of safety reply a message needs.
type Class string

// The classes, most urgent last but for None; see docs/safety.md.
const (
	None             Class = ""
	Crisis           Class = "crisis"             // the writer may be in danger from suicide or self-harm
	CrisisForAnother Class = "crisis-for-another" // someone the writer speaks of may be
	Emergency        Class = "emergency"          // overdose, not waking, violence: danger to life now
	Dosing           Class = "dosing"             // wants an amount, a schedule or a way to take ketamine
	Obtain           Class = "obtain"             // wants a source of ketamine outside care
	MedicalAdvice    Class = "medical_advice"     // wants a decision about their own treatment
)

// Alarm reports whether the class is one that is answered by a crisis line
// or an emergency number.
func (c Class) Alarm() bool {
	return c == Crisis || c == CrisisForAnother || c == Emergency
}

// Assessment is what triage makes of one message.
type Assessment struct {
	// Class is the safety reply that the message needs, or None.
	Class Class
	// Resources asks for the quiet line of help under the reply. It is set
	// for every alarm, and for messages that come near one.
	Resources bool
	// Asks reports that the message also holds a question, which is to be
	// answered after the safety reply, and Question is its words.
	Asks     bool
	Question string
	// Evidence names the rules that spoke and, from Explain, the n-grams. It is
	// for a person who asks why (ask --explain), never for a log: it holds
	// words of the message.
	Evidence []string
}

// Assess reads a message. It cannot fail, does no I/O, and is safe for
// concurrent use.
func Assess(text string) Assessment { return builtin().assess(text) }

// Explain is Assess with the n-grams that spoke among the evidence, strongest
// first. It takes several times as long.
func Explain(text string) Assessment { return builtin().explain(text) }
