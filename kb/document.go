package kb

import (
	"slices"
	"strings"
)

// Document is what one file knows.
type Document struct {
	ID       string // "kap"; topics of an added document are "ID/topic"
	Title    string
	Language string // BCP 47
	Reviewed string // the day on which a person last checked it, YYYY-MM-DD
	URL      string // the page it was taken from, or ""

	Topics     []*Topic   // in reading order, studies after the topic that holds them
	Subjects   []*Subject // what people ask about and this document does not answer
	Synonyms   [][]string // groups of words that mean the same
	Conditions []string   // what its studies are about, for people to choose from
}

// Topic is one question that the document answers, in its own words.
type Topic struct {
	ID        string
	Name      string // the id without the document's: how the file has it
	Question  string // the heading; a study's title
	Blocks    []Block
	AlsoAsked []string // other wordings; indexed, never shown
	Evidence  []string // ids of the studies that its claims rest on
	Note      string   // our remark beside the document's words, or ""
	Study     *Study   // set if the topic is a study
	Parent    string   // id of the topic that holds a study, or ""
	Document  *Document
	Line      int // of the heading
}

// Block is a paragraph (Sentences) or a list (Items).
type Block struct {
	Sentences []string
	Items     []string
}

// Study is the bibliographic record of a study; an empty field was not found.
type Study struct {
	Authors string
	Year    string
	Journal string
	DOI     string // "10.1080/02791072.2019.1587556"
	Design  string
	Label   string // a short name for a list of choices; a title may be very long
}

// URL is the study's DOI link, or "".
func (s Study) URL() string {
	if s.DOI == "" {
		return ""
	}
	return "https://doi.org/" + s.DOI
}

// Record is the study's record in one line: authors, year, journal, design.
func (s Study) Record() string {
	parts := []string{s.shortAuthors(), s.Year, s.Journal, s.Design}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, ". ")
}

// shortAuthors names the first author and "et al." where there are more than three.
func (s Study) shortAuthors() string {
	names := strings.Split(s.Authors, ", ")
	if len(names) <= 3 {
		return s.Authors
	}
	return names[0] + " et al"
}

// Subject is something that people ask about and the document does not answer.
type Subject struct {
	ID       string
	Title    string // the heading: "Cost"
	Next     string // the next step for the person who asked
	See      string // id of the nearest topic, or ""
	Passage  string // the sentence or item of See that comes nearest, or ""
	Wordings []string
	Line     int

	see string // as written: "topic, beginning of the passage"
}

// Topic returns the topic with that id, or nil.
func (d *Document) Topic(id string) *Topic {
	for _, t := range d.Topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Subject returns the subject with that id, or nil.
func (d *Document) Subject(id string) *Subject {
	for _, s := range d.Subjects {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Label is the topic in a list of choices: a study's short name, or the question.
func (t *Topic) Label() string {
	if t.Study != nil && t.Study.Label != "" {
		return t.Study.Label
	}
	return t.Question
}

// Studies returns the studies that the topic holds.
func (t *Topic) Studies() []*Topic {
	var studies []*Topic
	for _, s := range t.Document.Topics {
		if s.Parent == t.ID {
			studies = append(studies, s)
		}
	}
	return studies
}

// Passages returns every sentence and list item of the topic, in order.
func (t *Topic) Passages() []string {
	var all []string
	for _, b := range t.Blocks {
		all = append(all, b.Sentences...)
		all = append(all, b.Items...)
	}
	return all
}

// Checklist returns the items of the topic's first list, or nil.
func (t *Topic) Checklist() []string {
	for _, b := range t.Blocks {
		if len(b.Items) > 0 {
			return b.Items
		}
	}
	return nil
}

// everything is all that the record says, for the index.
func (s Study) everything() string {
	return strings.TrimSpace(strings.Join([]string{s.Authors, s.Year, s.Journal, s.DOI, s.Design}, " "))
}

// Name is the subject's id without the document's: how the file has it.
func (s *Subject) Name() string { return s.ID[strings.LastIndexByte(s.ID, '/')+1:] }

// qualify puts the document's id before those of its topics and subjects, so
// that documents can stand beside one another.
func (d *Document) qualify() {
	for _, t := range d.Topics {
		t.ID = d.ID + "/" + t.ID
		if t.Parent != "" {
			t.Parent = d.ID + "/" + t.Parent
		}
		for i, id := range t.Evidence {
			t.Evidence[i] = d.ID + "/" + id
		}
	}
	for _, s := range d.Subjects {
		s.ID = d.ID + "/" + s.ID
		if s.See != "" {
			s.See = d.ID + "/" + s.See
		}
	}
}
