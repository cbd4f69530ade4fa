package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden parts of the stories")

// TestMain lets the stories run the program itself, in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kapbot": main})
}

// TestStories runs the command line as a person would: testdata/stories.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/stories",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
