package kb

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
)

const knownFields = "Authors, Year, Journal, DOI, Design, Label, Note"

// fields reads the list under a study: "Authors: …", "DOI: …".
func (p *parser) fields(t *Topic, list *ast.List) {
	texts, lines := p.items(list)
	for i, text := range texts {
		name, value, ok := strings.Cut(text, ":")
		value = strings.TrimSpace(value)
		if !ok {
			p.problem(lines[i], fmt.Sprintf("%q is not a field of a study", text), "write it as Name: value, with one of "+knownFields)
			continue
		}
		p.field(t, strings.TrimSpace(name), value, lines[i])
	}
}

func (p *parser) field(t *Topic, name, value string, line int) {
	target := map[string]*string{
		"Authors": &t.Study.Authors, "Year": &t.Study.Year, "Journal": &t.Study.Journal,
		"DOI": &t.Study.DOI, "Design": &t.Study.Design, "Label": &t.Study.Label, "Note": &t.Note,
	}[name]
	switch {
	case target == nil:
		p.problem(line, fmt.Sprintf("%q is not a known field of a study", name), "use one of "+knownFields)
	case *target != "":
		p.problem(line, fmt.Sprintf("the field %s stands twice", name), "keep one of them")
	case value == "":
		p.problem(line, fmt.Sprintf("the field %s is empty", name), "fill it in, or remove the line")
	case name == "DOI" && !doiPattern.MatchString(value):
		p.problem(line, fmt.Sprintf("%q is not a DOI", value), "write it without a link, such as 10.1080/02791072.2019.1587556")
	case name == "Year" && (len(value) != 4 || strings.Trim(value, "0123456789") != ""):
		p.problem(line, fmt.Sprintf("%q is not a year", value), "write four digits, such as 2019")
	default:
		*target = value
	}
}
