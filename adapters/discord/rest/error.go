package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Codes of Discord's that callers look for.
const (
	CodeUnknownChannel      = 10003
	CodeUnknownMessage      = 10008
	CodeUnknownWebhook      = 10015
	CodeUnknownInteraction  = 10062
	CodeAcknowledged        = 40060
	CodeMissingAccess       = 50001
	CodeCannotMessage       = 50007
	CodeMissingPermissions  = 50013
	CodeInvalidForm         = 50035
	CodeCannotReplySystem   = 50021
	CodeThreadArchived      = 50083
	CodeAutomodBlocked      = 200000
	CodeReplyWithoutHistory = 160002
)

// Error is a request that Discord answered with a failure. It names the route
// and Discord's code, never an address, a token or what was sent.
type Error struct {
	Route  string
	Status int
	Code   int
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: discord answered %d (code %d)", e.Route, e.Status, e.Code)
}

// Temporary says whether the fault is Discord's and may pass.
func (e *Error) Temporary() bool { return e.Status >= 500 }

// Refused says that the token is not accepted: no request can succeed.
func (e *Error) Refused() bool { return e.Status == 401 }

// Code is the code of a failure that Discord answered with, or 0.
func Code(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// LimitedError is a rate limit that outlasts the request's context.
type LimitedError struct {
	Route string
	Wait  time.Duration
	Whole bool // all routes are limited, not this one alone
}

func (e *LimitedError) Error() string {
	return fmt.Sprintf("%s: rate limited for %v", e.Route, e.Wait.Round(time.Millisecond))
}

// outlasts says whether ctx ends before the limit does.
func (e *LimitedError) outlasts(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < e.Wait
}

// tidy turns what discordgo returned into an error that is safe to log.
func tidy(err error, where route) error {
	var limited *LimitedError
	var answered *discordgo.RESTError
	var transport *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return limited
	case errors.As(err, &answered):
		var body struct{ Code int }
		_ = json.Unmarshal(answered.ResponseBody, &body)
		return &Error{Route: where.name, Status: answered.Response.StatusCode, Code: body.Code}
	case errors.Is(err, errBadGateway):
		return &Error{Route: where.name, Status: 502}
	case errors.As(err, &transport): // its text holds the address
		return fmt.Errorf("%s: %w", where.name, transport.Err)
	}
	return fmt.Errorf("%s: %w", where.name, err)
}
