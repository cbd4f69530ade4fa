// Package rest asks Discord's REST API. It is the one place through which every
// request goes, and the one place that knows how discordgo's client fails:
//
//   - discordgo keeps a bucket for each interaction token for ever and waits in it
//     without regard to a context. Here each request brings a bucket of its own, and
//     limits are kept by route in a bounded table ([limits]).
//   - A global 429 stops only the route that met it. Here it stops all
//     routes but the interactions', which Discord exempts.
//   - Cloudflare's 429 is text, which discordgo reports as a JSON error. Here it is a
//     [*LimitedError] and stops everything, interactions too.
//   - 500, 503 and 504 are not tried again, and 502 without a pause. Here a request that
//     is safe to repeat is, with a backoff, until its context ends.
//   - Its errors hold the address, and so an interaction's token. Ours hold the route.
//
// After a 401 nothing is sent any more: ten thousand refused requests in ten
// minutes make Cloudflare ban the address.
package rest
