package rest

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Nothing grows with the number of interactions, and the routes are bounded:
// discordgo keeps a bucket for each token for ever.
func TestLimitsAreBounded(t *testing.T) {
	c, err := New(Options{Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	used := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"1"}}}
	for i := range 3 * maxRoutes {
		c.limits.learn(routeOf("POST", fmt.Sprintf("interactions/%d/token-%d/callback", i, i)), used, nil)
		c.limits.learn(routeOf("POST", fmt.Sprintf("webhooks/1/token-%d", i)), used, nil)
	}
	if n := c.limits.routes.Len(); n != 0 {
		t.Errorf("%d interactions are remembered", n)
	}
	for i := range 3 * maxRoutes {
		c.limits.learn(routeOf("POST", fmt.Sprintf("channels/%d/messages", i)), used, nil)
	}
	if n := c.limits.routes.Len(); n > maxRoutes {
		t.Errorf("%d routes are remembered", n)
	}
}

func TestSecondsWithinBounds(t *testing.T) {
	for in, want := range map[string]time.Duration{"1.5": 1500 * time.Millisecond, "": time.Second, "x": time.Second, "-1": time.Second,
		"NaN": time.Second, "Inf": longest, "1e300": longest, "0": shortest} {
		if got := seconds(in, time.Second); got != want {
			t.Errorf("seconds(%q) = %v, want %v", in, got, want)
		}
	}
}
