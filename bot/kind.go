package bot

// Kind says what sort of reply a Reply is. The words are a contract: other
// programs read them from `kapbot ask --batch` and from the HTTP API.
type Kind string

// The kinds that answer a person's message.
const (
	Answer     Kind = "answer"      // the document answers, in its own words
	Clarify    Kind = "clarify"     // two or three topics are about as likely: did you mean …?
	NotCovered Kind = "not_covered" // the document does not answer this
	Redirect   Kind = "redirect"    // a dose, a source of the drug or personal advice was asked for
	Crisis     Kind = "crisis"      // someone may be in danger from suicide or self-harm
	Emergency  Kind = "emergency"   // someone is in danger now
	SmallTalk  Kind = "small_talk"  // hello, thanks, are you human
	Help       Kind = "help"        // what the bot can do
)

// The kinds that answer no question: the bot speaks about its own workings.
const (
	SlowDown Kind = "slow_down" // too many messages in a short time
	Failure  Kind = "error"     // something broke; the person is told honestly
	Notice   Kind = "notice"    // thanks for a rating, settings saved and the like
)

// Urgent reports whether a reply of this kind is for someone in danger. Urgent
// replies are never rate limited, never shortened and never held back.
func (k Kind) Urgent() bool { return k == Crisis || k == Emergency }

// Reason says why a Redirect was given. It is empty for every other kind.
type Reason string

// The reasons for a Redirect.
const (
	Dosing        Reason = "dosing"
	Obtain        Reason = "obtain"
	MedicalAdvice Reason = "medical_advice"
)
