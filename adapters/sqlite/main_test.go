package sqlite_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"kapbot/adapters/sqlite"
	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest/storm"
)

var (
	kills    = flag.Int("kills", 5, "how often TestKill kills the process that writes")
	soakSize = flag.Int("soak", 3000, "how many messages TestSoak sends")
)

// TestMain is also where the processes of TestKill begin.
func TestMain(m *testing.M) {
	storm.Main(func(path string) (engine.Store, error) { return sqlite.Open(path) })
	flag.Parse()
	// Bleve's analysis workers belong to the library and live as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}
