package kb

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

const fence = "+++"

// frontMatter is the TOML between the two lines of "+++".
type frontMatter struct {
	ID         string         `toml:"id"`
	Title      string         `toml:"title"`
	Language   string         `toml:"language"`
	Reviewed   toml.LocalDate `toml:"reviewed"`
	URL        string         `toml:"url"`
	Synonyms   [][]string     `toml:"synonyms"`
	Conditions []string       `toml:"conditions"`
}

const knownKeys = "id, title, language, reviewed, url, synonyms, conditions"

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// splitFrontMatter returns the TOML and the Markdown after it, the Markdown
// padded with empty lines so that line numbers stay those of the file.
func splitFrontMatter(src []byte) (matter, body []byte, ok bool) {
	lines := bytes.SplitAfter(src, []byte("\n"))
	if len(lines) == 0 || strings.TrimSpace(string(lines[0])) != fence {
		return nil, src, false
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimSpace(string(lines[i])) == fence {
			matter = bytes.Join(lines[1:i], nil)
			body = append(bytes.Repeat([]byte("\n"), i+1), bytes.Join(lines[i+1:], nil)...)
			return matter, body, true
		}
	}
	return nil, src, false
}

// frontMatter reads the TOML of a document; mistakes go to p.
func (p *parser) frontMatter(matter []byte) frontMatter {
	var fm frontMatter
	err := toml.NewDecoder(bytes.NewReader(matter)).DisallowUnknownFields().Decode(&fm)
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		for _, e := range strict.Errors {
			row, _ := e.Position()
			p.problem(row+1, fmt.Sprintf("unknown key %q in the front matter", strings.Join(e.Key(), ".")),
				"remove it, or use one of "+knownKeys)
		}
	case errors.As(err, &decode):
		row, _ := decode.Position()
		p.problem(row+1, "the front matter cannot be read: "+strings.TrimPrefix(decode.Error(), "toml: "),
			`write each line as key = "value"`)
		return fm
	case err != nil:
		p.problem(1, "the front matter cannot be read: "+err.Error(), `write each line as key = "value"`)
		return fm
	}
	if !idPattern.MatchString(fm.ID) {
		p.problem(1, fmt.Sprintf("the document's id %q is not a short name", fm.ID),
			`add a line such as id = "our-clinic": small letters, digits and single hyphens`)
	}
	if strings.TrimSpace(fm.Title) == "" {
		p.problem(1, "the document has no title", `add a line such as title = "Our clinic's answers"`)
	}
	if fm.URL != "" && !strings.HasPrefix(fm.URL, "https://") && !strings.HasPrefix(fm.URL, "http://") {
		p.problem(1, fmt.Sprintf("the url %q is not a web address", fm.URL), "write it in full, beginning with https://")
	}
	return fm
}

func (fm frontMatter) reviewed() string {
	if fm.Reviewed.Year == 0 {
		return ""
	}
	return fm.Reviewed.String()
}
