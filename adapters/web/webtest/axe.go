package webtest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Axe is the accessibility checker that is put into the page.
func Axe(t *testing.T) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	script, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "testdata", "npm", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		Missing(t, "axe-core", "(cd adapters/web/testdata/npm && npm ci)")
	}
	return string(script)
}

// WCAG runs axe on the page as it stands and reports what breaks WCAG 2.2 A or AA.
func (b *Tab) WCAG(script, state string) {
	b.Helper()
	JS[string](b, script+"; ''")
	found := JS[[]string](b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))`)
	for _, v := range found {
		b.Errorf("%s: %s", state, v)
	}
}
