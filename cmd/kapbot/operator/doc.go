// Package operator is the page for the people who look after the bot: what is
// asked, what helps, what to write next, and how the adapters are. It shows the
// same Summary as `kapbot insights`.
//
//	page := operator.New(operator.Options{Store: store, Health: health.Report})
//	ops.Listen(ctx, ops.Options{Page: page, …})
//
// Each chart is drawn by go-analyze/charts as SVG within the page and has its
// numbers in a table beside it, for those who cannot see it. svg.go turns the
// inline styles of that SVG into attributes and theme colours, so that the page
// needs no unsafe-inline and follows light and dark.
//
// The listener that serves it (package ops) asks for the token. There is no
// script, and nothing is loaded from elsewhere.
package operator
