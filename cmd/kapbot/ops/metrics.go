package ops

import (
	"errors"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kapbot/bot/engine"
)

// Metrics counts what happens. It is an engine.Observer.
type Metrics struct {
	registry *prometheus.Registry

	replies   *prometheus.CounterVec
	events    *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	waited    *prometheus.HistogramVec
	queue     *prometheus.GaugeVec
	refused   *prometheus.CounterVec
	panics    *prometheus.CounterVec
	takeovers *prometheus.CounterVec
	storeErr  *prometheus.CounterVec
	storeUp   prometheus.Gauge
	reloads   *prometheus.CounterVec
	reloadOK  prometheus.Gauge
	documents *prometheus.GaugeVec
	adapterUp *prometheus.GaugeVec
	restarts  *prometheus.CounterVec
}

var _ engine.Observer = (*Metrics)(nil)

// handling are the buckets of the histograms, in seconds: an answer takes less
// than a millisecond to make, and a post to a platform a few hundred.
var handling = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// NewMetrics returns metrics with all counters at zero. Version is kapbot's own.
func NewMetrics(version string) *Metrics {
	r := prometheus.NewRegistry()
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kapbot_" + name, Help: help}, labels)
		r.MustRegister(c)
		return c
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "kapbot_" + name, Help: help}, labels)
		r.MustRegister(g)
		return g
	}
	histogram := func(name, help string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "kapbot_" + name, Help: help, Buckets: handling}, []string{"adapter"})
		r.MustRegister(h)
		return h
	}
	m := &Metrics{
		registry:  r,
		replies:   counter("replies_total", "Replies given, by kind and topic.", "adapter", "kind", "topic"),
		events:    counter("events_total", "Events taken, by how they ended.", "adapter", "outcome"),
		seconds:   histogram("handling_seconds", "Time from an event's turn to its end, the post to the platform included."),
		waited:    histogram("waiting_seconds", "Time that an event waited for its turn."),
		queue:     gauge("queue_depth", "Events in hand.", "adapter"),
		refused:   counter("refused_total", "Events not taken; the platform delivers them again.", "adapter", "reason"),
		panics:    counter("panics_total", "Panics caught while handling an event.", "adapter"),
		takeovers: counter("takeovers_total", "Events finished for an owner that died or froze.", "adapter"),
		storeErr:  counter("store_errors_total", "Failed steps in the store.", "step"),
		storeUp:   gauge("store_up", "1 if the store can be used.").WithLabelValues(),
		reloads:   counter("reloads_total", "Reloads of documents and settings.", "result"),
		reloadOK:  gauge("reload_ok", "1 if the last reload was taken over.").WithLabelValues(),
		documents: gauge("documents_info", "1 for the revision of the documents that answers come from.", "revision"),
		adapterUp: gauge("adapter_up", "1 if the adapter runs and is connected.", "adapter"),
		restarts:  counter("adapter_restarts_total", "Restarts of an adapter after it failed.", "adapter"),
	}
	gauge("build_info", "1 for the version that runs.", "version").WithLabelValues(version).Set(1)
	m.storeUp.Set(1)
	m.reloadOK.Set(1)
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics in Prometheus's format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// Register adds an adapter's own counters.
func (m *Metrics) Register(c prometheus.Collector) error { return m.registry.Register(c) }

// Handled implements engine.Observer.
func (m *Metrics) Handled(h engine.Handled) {
	m.events.WithLabelValues(h.Adapter, h.Outcome.String()).Inc()
	m.waited.WithLabelValues(h.Adapter).Observe(h.Waited.Seconds())
	if h.TakenOver {
		m.takeovers.WithLabelValues(h.Adapter).Inc()
	}
	if h.Outcome != engine.Answered {
		return
	}
	m.seconds.WithLabelValues(h.Adapter).Observe(h.Took.Seconds())
	if h.Kind != "" {
		m.replies.WithLabelValues(h.Adapter, string(h.Kind), h.Topic).Inc()
	}
}

// Queued implements engine.Observer.
func (m *Metrics) Queued(adapter string, n int) { m.queue.WithLabelValues(adapter).Set(float64(n)) }

// Refused implements engine.Observer.
func (m *Metrics) Refused(adapter string, err error) {
	reason := "other"
	switch {
	case errors.Is(err, engine.ErrFull):
		reason = "full"
	case errors.Is(err, engine.ErrClosed):
		reason = "draining"
	case errors.Is(err, engine.ErrInvalid):
		reason = "invalid"
	}
	m.refused.WithLabelValues(adapter, reason).Inc()
}

// Panicked implements engine.Observer.
func (m *Metrics) Panicked(adapter string) { m.panics.WithLabelValues(adapter).Inc() }

// StoreFailed implements engine.Observer.
func (m *Metrics) StoreFailed(step string) { m.storeErr.WithLabelValues(step).Inc() }

// StoreUp implements engine.Observer.
func (m *Metrics) StoreUp(up bool) { m.storeUp.Set(number(up)) }

// Reloaded counts a reload and says which revision answers now.
func (m *Metrics) Reloaded(err error, revision string) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.reloads.WithLabelValues(result).Inc()
	m.reloadOK.Set(number(err == nil))
	m.Documents(revision)
}

// Documents says which revision of the documents answers come from.
func (m *Metrics) Documents(revision string) {
	m.documents.Reset()
	m.documents.WithLabelValues(revision).Set(1)
}

// AdapterUp says whether an adapter runs.
func (m *Metrics) AdapterUp(name string, up bool) { m.adapterUp.WithLabelValues(name).Set(number(up)) }

// AdapterRestarted counts a restart.
func (m *Metrics) AdapterRestarted(name string) { m.restarts.WithLabelValues(name).Inc() }

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
