package kb

import (
	"bytes"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gparser "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// MaxSize is the largest document that Parse reads, in bytes.
const MaxSize = 1 << 20

// notCoveredID is the id of the section that holds the subjects.
const notCoveredID = "not-covered"

var doiPattern = regexp.MustCompile(`^10\.\d{4,9}/\S+$`)

// Parse reads a document. File is the name to use in messages. The error, if
// any, is of type Problems and holds every mistake found.
func Parse(file string, src []byte) (*Document, error) {
	p := &parser{file: file, ids: map[string]int{}, cited: map[string]int{}}
	doc := p.parse(src)
	if len(p.problems) > 0 {
		return nil, p.problems.sorted()
	}
	return doc, nil
}

type parser struct {
	file     string
	problems Problems
	ids      map[string]int // id → line
	cited    map[string]int // study named as evidence → line
	src      []byte
	starts   []int // offset of each line
	doc      *Document
}

func (p *parser) problem(line int, what, mend string) {
	p.problems = append(p.problems, Problem{File: p.file, Line: max(line, 1), What: what, Mend: mend})
}

func (p *parser) parse(src []byte) *Document {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if len(src) > MaxSize {
		p.problem(1, fmt.Sprintf("the document is %d bytes long, larger than 1 MiB", len(src)), "split it into several documents")
		return nil
	}
	if !utf8.Valid(src) {
		p.problem(1+bytes.Count(src[:invalidAt(src)], []byte("\n")), "the text is not UTF-8", "save the file as UTF-8")
		return nil
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	matter, body, ok := splitFrontMatter(src)
	if !ok {
		p.problem(1, "the document does not begin with front matter",
			`begin it with a line +++, then lines such as id = "our-clinic" and title = "…", then a line +++`)
	}
	var fm frontMatter
	if ok {
		fm = p.frontMatter(matter)
	}
	p.doc = &Document{ID: fm.ID, Title: fm.Title, Language: fm.Language, Reviewed: fm.reviewed(), URL: fm.URL, Synonyms: fm.Synonyms, Conditions: fm.Conditions}
	p.src = body
	for i, c := range append([]byte("\n"), body...) {
		if c == '\n' {
			p.starts = append(p.starts, i)
		}
	}
	p.sections(p.markdown())
	p.check()
	return p.doc
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(src)
}

func (p *parser) markdown() ast.Node {
	md := goldmark.New(goldmark.WithParserOptions(gparser.WithHeadingAttribute()))
	return md.Parser().Parse(text.NewReader(p.src))
}

// line is the line, from 1, that n begins on.
func (p *parser) line(n ast.Node) int {
	for ; n != nil; n = n.FirstChild() {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			at := n.Lines().At(0).Start
			return sort.Search(len(p.starts), func(i int) bool { return p.starts[i] > at })
		}
	}
	return 1
}

// plain is the text of n without its markup, white space folded.
func (p *parser) plain(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Value(p.src))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(p.src))
		case *ast.TextBlock, *ast.Paragraph:
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(unescape(b.String())), " ")
}

// unescape resolves the backslash escapes that goldmark leaves in text.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!<>|\"'&~$%,/:;=?@^", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// items are the items of a list as plain text, with the line of each.
func (p *parser) items(n ast.Node) (texts []string, lines []int) {
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if t := p.plain(item); t != "" {
			texts = append(texts, t)
			lines = append(lines, p.line(item))
		}
	}
	return texts, lines
}

// id reads the {#id} of a heading and reports a missing, bad or repeated one.
func (p *parser) id(h *ast.Heading, line int) string {
	value, ok := h.AttributeString("id")
	raw, _ := value.([]byte)
	id := string(raw)
	if !ok || id == "" {
		p.problem(line, fmt.Sprintf("the heading %q has no id", p.plain(h)), "end it with a short name such as {#opening-hours}")
		return ""
	}
	if !idPattern.MatchString(id) {
		p.problem(line, fmt.Sprintf("the id %q is not a short name", id), "use small letters, digits and single hyphens, such as {#opening-hours}")
		return ""
	}
	if first, taken := p.ids[id]; taken {
		p.problem(line, fmt.Sprintf("the id %q is used twice, first in line %d", id, first), "give this heading another id")
		return id
	}
	p.ids[id] = line
	return id
}

func (p *parser) check() {
	if len(p.doc.Topics) == 0 && len(p.doc.Subjects) == 0 && len(p.problems) == 0 {
		p.problem(1, "the document has no topics", "add a heading such as ## When are you open? {#opening-hours} and its answer under it")
	}
	for _, t := range p.doc.Topics {
		if len(t.Blocks) == 0 && len(t.Studies()) == 0 {
			p.problem(t.Line, fmt.Sprintf("the topic %q has no text", t.ID), "write the answer under its heading, or remove the heading")
		}
	}
	for _, s := range p.doc.Subjects {
		if s.Next == "" {
			p.problem(s.Line, fmt.Sprintf("the subject %q names no next step", s.ID), "write under its heading one line that says whom to ask")
		}
	}
}
