// Package kb knows things: it reads documents, keeps them in a full-text index
// and finds the passages that a question is about. It decides nothing and says
// nothing; that is package bot's work.
//
// # Documents
//
// A Document is a Markdown file with TOML front matter, as an office manager
// writes it (the README shows how). Parse reads one and reports every mistake at
// once, each with its line and the mend. The built-in document, kap.md, is part
// of the program; Builtin returns it.
//
// # The library
//
// Open builds a Library from the built-in document and any others:
//
//	lib, err := kb.Open(ctx, kb.Options{Documents: []string{"clinic.md"}})
//	hits, err := lib.Search(ctx, "who is allowed to prescribe it", 5)
//
// A Hit names a topic and the passage of it that matched. A Library never
// changes once it is open, so any number of goroutines may search it; to change
// documents, open a second one and put it in the first one's place.
package kb
