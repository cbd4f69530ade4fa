package kb

import (
	_ "embed"
	"sync"
)

//go:embed kap.md
var builtinSource []byte

// Builtin returns the document that is part of the program. It is read once;
// callers must not change it.
var Builtin = sync.OnceValues(func() (*Document, error) { return Parse("kap.md", builtinSource) })
