package rest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxAnswer bounds an answer; a hundred messages are far below it.
const maxAnswer = 8 << 20

// errBadGateway stands for a 502, which discordgo would report as a text.
var errBadGateway = errors.New("bad gateway")

// guard stands between discordgo and the network. It reads an answer's limits,
// takes their headers away, so that discordgo does not wait by them too, and
// turns a 429 into a [*LimitedError] whatever its body.
type guard struct {
	next   http.RoundTripper
	limits *limits
}

func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	res.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("answer is larger than %d bytes", maxAnswer)
	}
	if limited := g.limits.learn(routeFrom(r.Context()), res, body); limited != nil {
		return nil, limited
	}
	if res.StatusCode == http.StatusBadGateway {
		return nil, errBadGateway
	}
	for _, name := range []string{"X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Global"} {
		res.Header.Del(name)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}
