package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"kapbot/kb/classify"
	"kapbot/kb/wordings"
)

// question is a line of the questions put aside: never fitted on.
type question struct {
	Q     string   `json:"q"`
	Prior string   `json:"prior"`
	Gold  []string `json:"gold"` // topics that answer it, or "none"
}

type heldOut []question

func readHeldOut(file string) (heldOut, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	defer f.Close()
	var all heldOut
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if len(q.Gold) == 0 {
			return nil, fmt.Errorf(`%s:%d: no "gold"; name the topics that answer, or "none"`, file, n)
		}
		all = append(all, q)
	}
	return all, lines.Err()
}

// judge asks every question, after its prior one if it has one.
func (h heldOut) judge(m *classify.Model, set classify.Set) []classify.Judged {
	var out []classify.Judged
	for _, q := range h {
		prior := ""
		if q.Prior != "" {
			prior = about(m.Rank(q.Prior, ""))
		}
		j := classify.Judged{
			Wording: wordings.Wording{Text: q.Q, Prior: prior, Label: q.Gold[0]},
			Ranking: m.Rank(q.Q, prior),
			Covered: q.Gold[0] != "none",
		}
		j.Right = j.Covered && slices.ContainsFunc(q.Gold, func(g string) bool {
			return set.Right(j.Ranking.Topics[0].Name, g)
		})
		j.Helped = j.Right || j.Covered && slices.ContainsFunc(j.Ranking.Topics[:3], func(c classify.Candidate) bool {
			return slices.ContainsFunc(q.Gold, func(g string) bool { return set.Right(c.Name, g) })
		})
		out = append(out, j)
	}
	return out
}

// about is what the conversation is about after a reply.
func about(r classify.Ranking) string {
	if r.Topics[0].Margin > r.Subjects[0].Margin {
		return r.Topics[0].Name
	}
	return r.Subjects[0].Name
}
