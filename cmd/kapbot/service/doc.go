// Package service is the life of `kapbot serve`:
//
//	s, err := service.New(ctx, service.Options{Config: c, Log: log, Adapters: adapters})
//	s.Run(ctx)
//
// New opens what must be there at the start: the documents, the store, the
// operator's listener, the adapters. Run lets every adapter run until ctx ends,
// and then drains: nothing new is taken, what is in hand is finished, the store
// is closed, all within Options.Drain.
//
// # When something breaks
//
// An adapter that fails is started again after a wait that grows and has
// jitter (supervise.go); the others do not notice. An adapter whose error says
// that it is refused for good (a revoked token) stops, which the log, the
// health and a metric say.
//
// A changed document or SIGHUP reads the documents and the live settings again
// (reload.go). What cannot be read changes nothing and is said in the same three
// places.
package service
