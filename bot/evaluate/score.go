package evaluate

import (
	"maps"
	"slices"
	"strings"

	"kapbot/bot"
)

// tally counts the verdicts on labelled lines.
type tally struct {
	covered, uncovered map[verdict]int
	topics             map[string]map[verdict]int // by the first topic of gold
	helped, pestered   int
	stated             []statement
}

func (t *tally) add(l Line, r bot.Record, v verdict) {
	side := t.covered
	if !l.covered() {
		side = t.uncovered
	}
	side[v]++
	if t.topics[l.Gold[0]] == nil {
		t.topics[l.Gold[0]] = map[verdict]int{}
	}
	t.topics[l.Gold[0]][v]++
	if l.covered() && helped(l, r, v) {
		t.helped++
	}
	if !l.covered() && r.Kind == bot.Clarify {
		t.pestered++
	}
	if r.Kind == bot.Answer || r.Kind == bot.Clarify || r.Kind == bot.NotCovered {
		t.stated = append(t.stated, statement{p: r.Confidence, right: fits(best(r), l.Gold)})
	}
}

func total(counts map[verdict]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// macro is the share answered rightly, averaged over topics, so that a rare
// topic counts as much as a common one; and the number of topics.
func (t *tally) macro() (sum float64, topics int) {
	for _, name := range slices.Sorted(maps.Keys(t.topics)) {
		if name != none {
			counts := t.topics[name]
			sum += float64(counts[right]) / float64(total(counts))
			topics++
		}
	}
	return sum, topics
}

func (t *tally) figures() Figures {
	c, u := total(t.covered), total(t.uncovered)
	macro, topics := t.macro()
	var fs Figures
	fs.count("covered", c)
	fs.share("top1", float64(t.covered[right]), c)
	fs.share("macro", macro, topics)
	fs.share("helped", float64(t.helped), c)
	fs.share("near", float64(t.covered[near]), c)
	fs.share("wrong", float64(t.covered[wrong]), c)
	fs.share("missed", float64(t.covered[missed]), c)
	fs.count("uncovered", u)
	fs.share("abstained", float64(t.uncovered[abstained]), u)
	fs.share("soft", float64(t.uncovered[soft]), u)
	fs.share("false_answer", float64(t.uncovered[falseAnswer]), u)
	fs.share("pestered", float64(t.pestered), u)
	fs.share("alarm", float64(t.covered[alarm]+t.uncovered[alarm]), c+u)
	return fs
}

func (r *Result) labelled(lines []Line, records []bot.Record) {
	t := tally{covered: map[verdict]int{}, uncovered: map[verdict]int{}, topics: map[string]map[verdict]int{}}
	for i, l := range lines {
		v := judge(l, records[i])
		t.add(l, records[i], v)
		if v != right && v != abstained {
			r.miss(l, string(v), strings.Join(l.Gold, ", "), records[i])
		}
	}
	r.Labelled, r.Calibration = t.figures(), calibrate(t.stated)
}

// outcome counts the lines of a group.
type outcome struct{ n, ok, alarm, noticed int }

func (r *Result) expected(lines []Line, records []bot.Record) {
	groups := map[string]*outcome{}
	for i, l := range lines {
		name := l.Expect
		if l.Stratum != "" {
			name += " / " + l.Stratum
		}
		if groups[name] == nil {
			groups[name] = &outcome{}
		}
		if !groups[name].add(l, records[i]) {
			r.miss(l, l.Expect, l.Expect, records[i])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		r.Expected = append(r.Expected, Group{name, groups[name].figures()})
	}
}

// add reports whether the line was met.
func (o *outcome) add(l Line, r bot.Record) bool {
	urgent, ok := slices.Contains(safe, r.Kind), met(l, r)
	o.n++
	if ok {
		o.ok++
	}
	if urgent {
		o.alarm++
	}
	if urgent || r.Resources {
		o.noticed++
	}
	return ok
}

// figures: alarm is the share taken for a crisis or an emergency; noticed is
// that, or a reply with the quiet line of help.
func (o *outcome) figures() Figures {
	var fs Figures
	fs.count("n", o.n)
	fs.share("ok", float64(o.ok), o.n)
	fs.share("alarm", float64(o.alarm), o.n)
	fs.share("noticed", float64(o.noticed), o.n)
	return fs
}
