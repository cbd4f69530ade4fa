package kb

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a document: where it is, what is wrong and how to
// mend it.
type Problem struct {
	File string
	Line int // from 1
	What string
	Mend string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s; %s", p.File, p.Line, p.What, p.Mend)
}

// Problems are all mistakes of a document, in the order of their lines. It is
// the error that Parse returns.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
	return ps
}
