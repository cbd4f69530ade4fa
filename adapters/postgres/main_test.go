package postgres_test

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

var stormSize = flag.Int("storm", 400, "how many events the storm of replicas has")

// TestMain runs a replica of the storm where the storm started this program for it.
func TestMain(m *testing.M) {
	flag.Parse()
	if socket := os.Getenv(replicaSocket); socket != "" {
		os.Exit(runReplica(socket, os.Getenv(replicaDatabase)))
	}
	// Bleve's analysis workers belong to the library and live as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}
