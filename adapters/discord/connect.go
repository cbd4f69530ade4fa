package discord

import (
	"context"
	"net/http"
	"time"

	"kapbot/adapters/discord/gateway"
	"kapbot/adapters/discord/rest"
)

// gatewayBot is what GET /gateway/bot answers.
type gatewayBot struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // milliseconds
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// gatewayInfo asks for the gateway's address and the day's budget of sessions.
func (a *Adapter) gatewayInfo(ctx context.Context) (gateway.Info, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var g gatewayBot
	if err := a.api.Do(ctx, rest.Request{Method: http.MethodGet, Path: "gateway/bot"}, &g); err != nil {
		return gateway.Info{}, err
	}
	info := gateway.Info{URL: g.URL, Shards: max(1, g.Shards), MaxConcurrency: max(1, g.Limit.MaxConcurrency),
		Remaining: g.Limit.Remaining, ResetAfter: time.Duration(g.Limit.ResetAfter) * time.Millisecond}
	if g.Limit.MaxConcurrency == 0 { // a server that names no budget has none
		info.Remaining = 1
	}
	return info, nil
}
