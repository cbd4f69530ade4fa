// Package ops is what the operator sees of a running kapbot: metrics, health,
// readiness and profiles, on a listener of their own.
//
//	metrics := ops.NewMetrics(version)
//	health := ops.NewHealth()
//	server := ops.NewServer(ops.Options{Listen: "127.0.0.1:9464", Metrics: metrics, Health: health})
//	err := server.Run(ctx)
//
// Health collects what the parts of the program say of themselves. /healthz
// answers 200 for as long as the process works at all, and lists what does not;
// /readyz answers 503 while nothing can be answered: at the start, during the
// drain, and when no adapter is up.
//
// Nothing here names a person or holds a word that anyone wrote: labels are kinds,
// topics of the documents, adapters and outcomes.
package ops
