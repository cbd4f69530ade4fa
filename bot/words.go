package bot

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed words/en.toml
var english string

// Words holds all that the bot says in one language, read from words/LANG.toml.
type Words struct {
	Disclaimer string   `toml:"disclaimer"`
	Welcome    []string `toml:"welcome"`
	Help       string   `toml:"help"`
	YouCanAsk  string   `toml:"you_can_ask"`
	Hello      string   `toml:"hello"`
	Thanks     string   `toml:"thanks"`
	Bye        string   `toml:"bye"`
	Human      string   `toml:"human"`
	HowAreYou  string   `toml:"how_are_you"`
	Chat       string   `toml:"chat"` // small talk of any other kind
	Empty      string   `toml:"empty"`

	Source            string `toml:"source"`
	SeeAlso           string `toml:"see_also"`
	Nearest           string `toml:"nearest"`
	DidYouMean        string `toml:"did_you_mean"`
	Clarify           string `toml:"clarify"`
	NotCovered        string `toml:"not_covered"`
	NotCoveredSubject string `toml:"not_covered_subject"` // %s: the subject
	AskWhom           string `toml:"ask_whom"`
	NearestQuote      string `toml:"nearest_quote"`
	Rests             string `toml:"rests"`
	AllTopics         string `toml:"all_topics"`
	EvidenceNone      string `toml:"evidence_none"`
	ChecklistIntro    string `toml:"checklist_intro"`
	ChecklistMissing  string `toml:"checklist_missing"`
	ChecklistComplete string `toml:"checklist_complete"`
	Note              string `toml:"note"`
	QuietLine         string `toml:"quiet_line"`

	Failure  string `toml:"failure"`
	SlowDown string `toml:"slow_down"`
	Rated    string `toml:"rated"`
	Deleted  string `toml:"deleted"`
	NotYours string `toml:"not_yours"`
	Saved    string `toml:"saved"`
	Sent     string `toml:"sent"`
	NoMatch  string `toml:"no_match"`
	Forget   string `toml:"forget"`

	Redirect  map[Reason]string `toml:"redirect"`
	Crisis    CrisisWords       `toml:"crisis"`
	Emergency EmergencyWords    `toml:"emergency"`
	Labels    Labels            `toml:"labels"`
	Page      PageWords         `toml:"page"`
	Community CommunityWords    `toml:"community"`
}

// CrisisWords are the words for someone in danger from suicide or self-harm; the
// variants are used in turn. Each "next" line has one %s, the emergency number.
type CrisisWords struct {
	Self      []string `toml:"self"`
	SelfNext  []string `toml:"self_next"`
	Other     []string `toml:"other"`
	OtherNext []string `toml:"other_next"`
	Program   string   `toml:"program"`
}

// EmergencyWords are the words for someone in danger now.
type EmergencyWords struct {
	Call    string `toml:"call"`   // %s: the emergency number
	Number  string `toml:"number"` // its name
	Next    string `toml:"next"`
	Program string `toml:"program"`
}

// Labels are the short words on buttons and headings of a platform's own idiom.
// They are never sent alone: they sit beside a Reply.
type Labels struct {
	Title       string            `toml:"title"` // the bot's name, at most 24 characters
	Helpful     string            `toml:"helpful"`
	NotHelpful  string            `toml:"not_helpful"`
	Share       string            `toml:"share"`
	Delete      string            `toml:"delete"`
	SendPrivate string            `toml:"send_private"`
	Post        string            `toml:"post"`
	Cancel      string            `toml:"cancel"`
	Ask         string            `toml:"ask"`
	Question    string            `toml:"question"`
	Topics      string            `toml:"topics"`
	Evidence    string            `toml:"evidence"`
	Checklist   string            `toml:"checklist"`
	Print       string            `toml:"print"`
	OpenSource  string            `toml:"open_source"`
	Why         string            `toml:"why"`
	Privacy     string            `toml:"privacy"`
	Revision    string            `toml:"revision"`
	Feedback    string            `toml:"feedback"`
	Thinking    string            `toml:"thinking"`
	Alert       string            `toml:"alert"`
	Reasons     map[string]string `toml:"reasons"` // why an answer was not helpful
}

// English returns the built-in English words. They are read once; callers must
// not change them.
var English = sync.OnceValue(func() *Words {
	w, err := ParseWords("words/en.toml", english)
	if err != nil {
		panic(err) // the file is part of the program; a test reads it
	}
	return w
})

// ParseWords reads the words of one language. Unknown and missing words are
// errors, so that a file and the program cannot drift apart.
func ParseWords(name, text string) (*Words, error) {
	var w Words
	dec := toml.NewDecoder(strings.NewReader(text)).DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) {
			return nil, fmt.Errorf("read words %s: unknown words:\n%s", name, unknown.String())
		}
		return nil, fmt.Errorf("read words %s: %w", name, err)
	}
	if strings.TrimSpace(w.Disclaimer) == "" {
		return nil, fmt.Errorf("read words %s: disclaimer is empty; write the sentence that every message carries", name)
	}
	return &w, nil
}

func say(text string) Block { return Block{Kind: Paragraph, Spans: []Span{{Text: text}}} }

func numbered(i int, text string) string { return fmt.Sprintf("%d. %s", i+1, text) }
