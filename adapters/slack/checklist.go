package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"kapbot/bot"
)

// The interactive checklist keeps its state in the message: what is ticked is
// in the checkboxes, nowhere else.

func hasChecklist(r bot.Reply) bool {
	return slices.ContainsFunc(r.Blocks(), func(b bot.Block) bool { return b.Kind == bot.Checklist })
}

// items are the texts of a reply's checklist, in order.
func items(r bot.Reply) []string {
	var out []string
	for _, b := range r.Blocks() {
		if b.Kind == bot.Checklist {
			for line := range strings.SplitSeq(b.Text(), "\n") {
				out = append(out, strings.TrimPrefix(line, "- "))
			}
		}
	}
	return out
}

// checkboxes draws the items of r in groups of ten, those in ticked checked. An
// option is short: it has the beginning of the item, which stands in full above.
func checkboxes(r bot.Reply, ticked []int) []slack.Block {
	var groups []slack.BlockElement
	texts := items(r)
	for start := 0; start < len(texts); start += maxCheckboxes {
		var options, initial []*slack.OptionBlockObject
		for i := start; i < min(start+maxCheckboxes, len(texts)); i++ {
			o := slack.NewOptionBlockObject(strconv.Itoa(i), plain(cut(strconv.Itoa(i+1)+". "+texts[i], maxOption)), nil)
			options = append(options, o)
			if slices.Contains(ticked, i) {
				initial = append(initial, o)
			}
		}
		g := slack.NewCheckboxGroupsBlockElement(pressTick+":"+strconv.Itoa(start/maxCheckboxes), options...)
		g.InitialOptions = initial
		groups = append(groups, g)
	}
	if len(groups) == 0 {
		return nil
	}
	return []slack.Block{slack.NewActionBlock("checklist", groups...)}
}

// tickedIn reads what is ticked from an interaction's state.
func tickedIn(s state) []int {
	var out []int
	for _, group := range s.Values {
		for id, a := range group {
			if !strings.HasPrefix(id, pressTick+":") {
				continue
			}
			for _, c := range a.Selected {
				if n, err := strconv.Atoi(c.Value); err == nil && n >= 0 {
					out = append(out, n)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
