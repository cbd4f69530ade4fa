package triage

import (
	"bufio"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Label names a file of lines: what they say about the person who wrote them.
type Label string

// The labels that stand for a class. All others (sad, hyperbole, supportive,
// a topic of the document) are harmless in their several ways.
const (
	labelCrisis        Label = "crisis"
	labelForAnother    Label = "crisis-for-another"
	labelEmergency     Label = "emergency"
	labelDosing        Label = "dosing"
	labelObtain        Label = "obtain"
	labelMedicalAdvice Label = "medical-advice"

	// Long posts, among the lines put aside.
	labelPostsExplicit Label = "posts-explicit"
	labelPostsImplicit Label = "posts-implicit"
)

// class is what a line with this label should be assessed as.
func (l Label) class() Class {
	switch l {
	case labelCrisis, labelPostsExplicit, labelPostsImplicit:
		return Crisis
	case labelForAnother:
		return CrisisForAnother
	case labelEmergency:
		return Emergency
	case labelDosing:
		return Dosing
	case labelObtain:
		return Obtain
	case labelMedicalAdvice:
		return MedicalAdvice
	}
	return None
}

// Line is one written message with its label.
type Line struct {
	Text  string
	Label Label
	// Round names the round of writing that it came from.
	Round string
}

// ReadLines reads every .txt file of a folder: one line a message, the file's
// name its label; "# round: NAME" names the round of the lines below it, and
// other lines that begin with "#" are remarks.
func ReadLines(fsys fs.FS) ([]Line, error) {
	names, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	var lines []Line
	for _, name := range names {
		f, err := fsys.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read lines: %w", err)
		}
		label := Label(strings.TrimSuffix(path.Base(name), ".txt"))
		round := ""
		in := bufio.NewScanner(f)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			switch text := strings.TrimSpace(in.Text()); {
			case strings.HasPrefix(text, "# round: "):
				round = strings.TrimPrefix(text, "# round: ")
			case text == "" || strings.HasPrefix(text, "#"):
			default:
				lines = append(lines, Line{Text: text, Label: label, Round: round})
			}
		}
		if err := in.Err(); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("read lines: %s: %w", name, err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("read lines: %s: %w", name, err)
		}
	}
	return lines, nil
}
