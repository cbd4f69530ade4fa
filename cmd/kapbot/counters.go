package main

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"kapbot/adapters/slack"
	"kapbot/cmd/kapbot/ops"
)

// counter is a number that an adapter keeps itself and the metrics show.
type counter struct {
	name, help string
	value      func() int64
}

// Help of counters that several adapters have: Prometheus wants it to be the same.
const (
	reconnectsHelp = "Connections to the platform that ended and were opened again."
	retriesHelp    = "Requests to the platform that were sent again."
)

// watch registers an adapter's own counters as kapbot_NAME_total{adapter=…}.
func watch(m *ops.Metrics, adapter string, counters []counter) error {
	for _, c := range counters {
		f := prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "kapbot_" + c.name + "_total", Help: c.help, ConstLabels: prometheus.Labels{"adapter": adapter},
		}, func() float64 { return float64(c.value()) })
		if err := m.Register(f); err != nil {
			return fmt.Errorf("metrics of %s: %w", adapter, err)
		}
	}
	return nil
}

func watchSlack(m *ops.Metrics, a *slack.Adapter) error {
	return watch(m, slack.Name, []counter{
		{"reconnects", reconnectsHelp, func() int64 { return a.Counts().Reconnects }},
		{"retries", retriesHelp, func() int64 { return a.Counts().Retries }},
		{"left_to_platform", "Deliveries left to the platform to send again.", func() int64 { return a.Counts().Refused }},
		{"acknowledgements_lost", "Acknowledgements that could not be sent.", func() int64 { return a.Counts().AcksLost }},
		{"unreadable", "Deliveries that could not be read.", func() int64 { return a.Counts().BadMessages + a.Counts().BadFrames }},
		{"ignored", "Deliveries that were not for the bot.", func() int64 { return a.Counts().Ignored }},
		{"forged", "HTTP deliveries whose signature was wrong or old.", func() int64 { return a.Counts().Replayed }},
	})
}
