package config

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines returns the line of each key and table of a valid TOML file, by its
// full name. The library's decoder gives lines only for its own errors, so this
// walks the syntax tree.
func lines(data []byte) map[string]int {
	at := map[string]int{}
	var p unstable.Parser
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = mark(&p, at, "", e.Key())
		case unstable.KeyValue:
			keyValue(&p, at, table, e)
		}
	}
	return at
}

func keyValue(p *unstable.Parser, at map[string]int, table string, n *unstable.Node) {
	name := mark(p, at, table, n.Key())
	if v := n.Value(); v.Kind == unstable.InlineTable {
		for it := v.Children(); it.Next(); {
			keyValue(p, at, name, it.Node())
		}
	}
}

// mark notes the line of a key and of each table on the way to it.
func mark(p *unstable.Parser, at map[string]int, table string, it unstable.Iterator) string {
	var path []string
	if table != "" {
		path = append(path, table)
	}
	name := table
	for it.Next() {
		path = append(path, string(it.Node().Data))
		name = strings.Join(path, ".")
		if _, ok := at[name]; !ok {
			at[name] = p.Shape(it.Node().Raw).Start.Line
		}
	}
	return name
}
