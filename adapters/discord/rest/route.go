package rest

import (
	"context"
	"strings"
)

// route is what Discord counts a request by: the method and the path with all
// ids but the first taken out. It holds no token, so it may be logged.
type route struct {
	name string
	// exempt says that neither the global limit nor a table of ours applies:
	// interactions and their webhooks are limited by token.
	exempt bool
}

func routeOf(method, path string) route {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch parts[0] {
	case "interactions":
		return route{name: method + " interactions/callback", exempt: true}
	case "webhooks":
		return route{name: method + " webhooks/interaction", exempt: true}
	}
	for i, p := range parts {
		if i > 1 && digits(p) {
			parts[i] = "*"
		}
	}
	return route{name: method + " " + strings.Join(parts, "/")}
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

type routeKey struct{}

func withRoute(ctx context.Context, r route) context.Context {
	return context.WithValue(ctx, routeKey{}, r)
}

func routeFrom(ctx context.Context) route {
	r, _ := ctx.Value(routeKey{}).(route)
	return r
}
