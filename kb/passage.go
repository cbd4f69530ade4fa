package kb

// PassageKind is what a passage is in its document. It is also the name of the
// index field that holds it.
type PassageKind string

// The kinds of passage.
const (
	HeadingPassage  PassageKind = "heading"  // a topic's question or a study's title
	AlsoPassage     PassageKind = "also"     // another wording of the question
	SentencePassage PassageKind = "sentence" // a sentence of the text
	ItemPassage     PassageKind = "item"     // an item of a list
	RecordPassage   PassageKind = "record"   // a study's authors, year, journal, design
	SubjectPassage  PassageKind = "subject"  // a subject not covered: its name or a wording
)

// textFields are the fields that a question is searched in.
var textFields = []PassageKind{HeadingPassage, AlsoPassage, SentencePassage, ItemPassage, RecordPassage, SubjectPassage}

const (
	topicField    = "topic"
	completeField = "complete"
)

// boosts weigh the fields of a question against one another: a heading says what
// a topic is about, so it counts double (design: plain bleve's best figure).
var boosts = map[PassageKind]float64{
	HeadingPassage: 2, AlsoPassage: 2, SentencePassage: 1, ItemPassage: 1, RecordPassage: 1.5, SubjectPassage: 1.5,
}

// Passage is a piece of a document that can be found: it leads to its topic, or
// to its subject if it is not covered.
type Passage struct {
	Kind    PassageKind
	Text    string
	Topic   *Topic
	Subject *Subject
}

// ID is the id of the topic or subject that the passage belongs to.
func (p Passage) ID() string {
	if p.Topic != nil {
		return p.Topic.ID
	}
	return p.Subject.ID
}

// passages lists all that a document lets people find.
func (d *Document) passages() []Passage {
	var all []Passage
	for _, t := range d.Topics {
		add := func(kind PassageKind, texts ...string) {
			for _, text := range texts {
				all = append(all, Passage{Kind: kind, Text: text, Topic: t})
			}
		}
		add(HeadingPassage, t.Question)
		add(AlsoPassage, t.AlsoAsked...)
		for _, b := range t.Blocks {
			add(SentencePassage, b.Sentences...)
			add(ItemPassage, b.Items...)
		}
		if t.Study != nil {
			if r := t.Study.everything(); r != "" {
				add(RecordPassage, r)
			}
		}
	}
	for _, s := range d.Subjects {
		for _, text := range append([]string{s.Title}, s.Wordings...) {
			all = append(all, Passage{Kind: SubjectPassage, Text: text, Subject: s})
		}
	}
	return all
}
