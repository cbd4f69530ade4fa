package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden parts of the stories")

// runAsKapbot in the environment makes the test binary the program itself, with
// its value as the command line.
const runAsKapbot = "KAPBOT_TEST_RUN"

// TestMain lets the stories run the program itself, in a process of its own.
func TestMain(m *testing.M) {
	if args, ok := os.LookupEnv(runAsKapbot); ok {
		os.Args = append(os.Args[:1], strings.Fields(args)...)
		main()
	}
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
