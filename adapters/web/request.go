package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody is the largest body that is taken, in bytes. The field on the page has
// no limit of its own: a browser would cut what is pasted without a word.
const maxBody = 16 << 10

var errTooLarge = errors.New("body is over 16 KiB")

// readBody reads the whole body into memory, so that a handler never waits for
// the network.
func readBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return errTooLarge // or cut off, and then nobody reads the answer
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// readForm parses a form that was sent by POST. Fields in the URL are not read:
// nothing that a person types belongs there.
func readForm(r *http.Request) error {
	if !hasType(r, "application/x-www-form-urlencoded") {
		return errors.New("not a form")
	}
	r.URL.RawQuery = ""
	if err := r.ParseForm(); err != nil {
		return errors.New("not a readable form") // the cause quotes the form
	}
	return nil
}

// readJSON decodes the one JSON object of the body into v. Its errors name
// fields and places, never what a field held.
func readJSON(r *http.Request, v any) error {
	if !hasType(r, "application/json") {
		return errNotJSON
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return describeJSON(err, dec.InputOffset())
	}
	if dec.More() {
		return fmt.Errorf("one JSON object is expected, and more follows at byte %d", dec.InputOffset())
	}
	return nil
}

var errNotJSON = errors.New("send Content-Type: application/json")

func describeJSON(err error, at int64) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("field %q must be a %s", wrong.Field, wrong.Type)
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return errors.New("a field is not known: see /v1/openapi.json for those that are")
	default:
		return fmt.Errorf("the body is not a JSON object as /v1/openapi.json describes it (byte %d)", at)
	}
}

func hasType(r *http.Request, want string) bool {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && got == want
}

// locale is the first language that the browser asks for ("en-GB"), or "".
func locale(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	tag = strings.TrimSpace(tag)
	if len(tag) > 35 || tag == "*" { // RFC 5646, section 4.4.1: longest useful tag
		return ""
	}
	return tag
}

// wantsFragment reports whether our own script asks for the new turn only.
func wantsFragment(r *http.Request) bool { return r.Header.Get("X-Kapbot") == "fragment" }
