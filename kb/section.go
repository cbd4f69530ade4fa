package kb

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// The headings of lists that are not shown as text.
const (
	alsoAsked = "also asked" // other wordings of the question
	evidence  = "evidence"   // ids of the studies that the topic's claims rest on
)

// section is where the reader stands while it walks through a document.
type section struct {
	topic    *Topic   // the topic that text belongs to, or nil
	holder   *Topic   // the "##" topic, which a "###" study belongs to
	subject  *Subject // the subject that text belongs to, or nil
	wordings bool     // under "### Also asked"
	evidence bool     // under "### Evidence"
	subjects bool     // under "## Not covered {#not-covered}"
}

func (p *parser) sections(root ast.Node) {
	var at section
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			at = p.heading(h, at)
			continue
		}
		p.content(n, &at)
	}
	for _, s := range p.doc.Subjects {
		p.resolve(s)
	}
	for id, line := range p.cited {
		if t := p.doc.Topic(id); t == nil || t.Study == nil {
			p.problem(line, fmt.Sprintf("Evidence names %q, which is not a study of this document", id), "name the id of one of its studies")
		}
	}
}

func (p *parser) heading(h *ast.Heading, at section) section {
	line, title := p.line(h), p.plain(h)
	switch {
	case h.Level == 2:
		id := p.id(h, line)
		if id == notCoveredID {
			return section{subjects: true}
		}
		t := p.topic(id, title, line)
		return section{topic: t, holder: t}
	case h.Level == 3 && at.subjects:
		s := &Subject{ID: p.id(h, line), Title: title, Line: line}
		p.doc.Subjects = append(p.doc.Subjects, s)
		return section{subjects: true, subject: s}
	case h.Level == 3 && at.holder != nil && strings.EqualFold(title, alsoAsked):
		return section{topic: at.holder, holder: at.holder, wordings: true}
	case h.Level == 3 && at.holder != nil && strings.EqualFold(title, evidence):
		return section{topic: at.holder, holder: at.holder, evidence: true}
	case h.Level == 4 && at.topic != nil && strings.EqualFold(title, alsoAsked):
		at.wordings = true
		return at
	case h.Level == 3 && at.holder != nil:
		if title == "" {
			p.problem(line, "the study has no title", "write its title behind ###")
		}
		t := p.topic(p.id(h, line), title, line)
		t.Study, t.Parent = &Study{}, at.holder.ID
		return section{topic: t, holder: at.holder}
	default:
		p.problem(line, fmt.Sprintf("the heading %q stands at a level that means nothing here", title),
			"use ## for a topic, ### for a study or a subject under it, and ### Also asked for other wordings")
		return at
	}
}

func (p *parser) topic(id, title string, line int) *Topic {
	if title == "" && id != "" {
		p.problem(line, fmt.Sprintf("the topic %q has no question", id), "write the question behind ##")
	}
	t := &Topic{ID: id, Name: id, Question: title, Line: line, Document: p.doc}
	p.doc.Topics = append(p.doc.Topics, t)
	return t
}

func (p *parser) content(n ast.Node, at *section) {
	list, isList := n.(*ast.List)
	switch {
	case at.subject != nil && isList:
		p.subjectList(at.subject, list)
	case at.subject != nil:
		at.subject.Next = strings.TrimSpace(at.subject.Next + " " + p.plain(n))
	case at.topic == nil:
		if t := p.plain(n); t != "" || !isBlank(n) {
			p.problem(p.line(n), "text stands outside any topic", "put it under a heading such as ## When are you open? {#opening-hours}")
		}
	case at.wordings && isList:
		texts, _ := p.items(list)
		at.topic.AlsoAsked = append(at.topic.AlsoAsked, texts...)
	case at.evidence && isList:
		texts, lines := p.items(list)
		at.topic.Evidence = append(at.topic.Evidence, texts...)
		for i, id := range texts {
			p.cited[id] = lines[i]
		}
	case at.evidence:
		p.problem(p.line(n), "only a list can stand under Evidence", "write each study's id as a line that begins with a hyphen")
	case at.wordings:
		p.problem(p.line(n), "only a list can stand under Also asked", "write each wording as a line that begins with a hyphen")
	case isList && at.topic.Study != nil:
		p.fields(at.topic, list)
	case isList:
		texts, _ := p.items(list)
		at.topic.Blocks = append(at.topic.Blocks, Block{Items: texts})
	default:
		p.paragraph(n, at.topic)
	}
}

// isBlank reports whether n shows nothing, as a comment or a rule does.
func isBlank(n ast.Node) bool {
	switch n.(type) {
	case *ast.HTMLBlock, *ast.ThematicBreak, *ast.LinkReferenceDefinition:
		return true
	}
	return false
}

func (p *parser) paragraph(n ast.Node, t *Topic) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *ast.Blockquote:
		if s := Sentences(p.plain(n)); len(s) > 0 {
			t.Blocks = append(t.Blocks, Block{Sentences: s})
		}
	case *ast.HTMLBlock:
		if !strings.HasPrefix(strings.TrimSpace(string(n.Lines().Value(p.src))), "<!--") {
			p.problem(p.line(n), "HTML cannot be shown on every platform", "write it as plain text or as a list")
		}
	case *ast.ThematicBreak, *ast.LinkReferenceDefinition:
	default:
		p.problem(p.line(n), "this kind of text cannot be shown on every platform", "write it as a paragraph or as a list")
	}
}

// subjectList reads a subject's wordings, and its "See:" line.
func (p *parser) subjectList(s *Subject, list *ast.List) {
	texts, lines := p.items(list)
	for i, t := range texts {
		if see, ok := strings.CutPrefix(t, "See:"); ok {
			s.see, s.Line = strings.TrimSpace(see), lines[i]
			continue
		}
		s.Wordings = append(s.Wordings, t)
	}
}

// resolve finds the passage that a subject's "See: topic, beginning" means.
func (p *parser) resolve(s *Subject) {
	if s.see == "" {
		return
	}
	id, beginning, _ := strings.Cut(s.see, ",")
	t := p.doc.Topic(strings.TrimSpace(id))
	if t == nil {
		p.problem(s.Line, fmt.Sprintf("See names the topic %q, which this document does not have", id), "name one of its topics' ids")
		return
	}
	s.See = t.ID
	beginning = strings.TrimSpace(beginning)
	for _, passage := range t.Passages() {
		if beginning != "" && strings.HasPrefix(passage, beginning) {
			s.Passage = passage
			return
		}
	}
	if beginning != "" {
		p.problem(s.Line, fmt.Sprintf("no sentence of %q begins with %q", t.ID, beginning), "copy the first words of the sentence that you mean")
	}
}
