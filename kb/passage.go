package kb

// PassageKind is what a passage is in its document.
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

// asks reports whether passages of this kind are questions or titles, not text.
func (k PassageKind) asks() bool {
	return k == HeadingPassage || k == AlsoPassage || k == SubjectPassage
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

// entry is what the index holds as one thing: a topic or a subject.
type entry struct {
	topic   *Topic
	subject *Subject
}

// passages lists all that an entry lets people find, the heading first.
func (e entry) passages() []Passage {
	var all []Passage
	add := func(kind PassageKind, texts ...string) {
		for _, text := range texts {
			all = append(all, Passage{Kind: kind, Text: text, Topic: e.topic, Subject: e.subject})
		}
	}
	if s := e.subject; s != nil {
		add(SubjectPassage, s.Title)
		add(SubjectPassage, s.Wordings...)
		return all
	}
	t := e.topic
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
	return all
}
