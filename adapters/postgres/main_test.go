package postgres_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"kapbot/adapters/postgres"
	"kapbot/bot/engine"
	"kapbot/bot/engine/enginetest/storm"
)

var stormSize = flag.Int("storm", 400, "how many events the storm of replicas has")

// TestMain is also where the replicas of a storm begin.
func TestMain(m *testing.M) {
	storm.Main(func(url string) (engine.Store, error) { return postgres.Open(url) })
	flag.Parse()
	// Bleve's analysis workers belong to the library and live as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}
