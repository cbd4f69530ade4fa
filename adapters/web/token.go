package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kapbot/bot"
)

// maxToken is the longest token that is looked at, in bytes. A conversation with
// the longest ids that a document may have stays well below it.
const maxToken = 4096

// maxSeen is how many topics a page without JavaScript lists as already read.
const maxSeen = 8

// state is what the page carries from one request to the next.
type state struct {
	Conversation bot.Conversation `json:"c"`
	// Urgent is the kind of the last urgent reply. Its lines of help stay on the
	// page until UrgentUntil.
	Urgent      bot.Kind  `json:"u,omitempty"`
	UrgentUntil time.Time `json:"ut,omitzero"`
	// Seen holds the ids of topics already shown, oldest first.
	Seen    []string  `json:"s,omitempty"`
	Expires time.Time `json:"e"`
}

// see notes that a topic was shown.
func (s *state) see(topic string) {
	if topic == "" {
		return
	}
	s.Seen = slices.DeleteFunc(s.Seen, func(id string) bool { return id == topic })
	s.Seen = append(s.Seen, topic)
	if n := len(s.Seen) - maxSeen; n > 0 {
		s.Seen = slices.Delete(s.Seen, 0, n)
	}
}

// Errors of a token that cannot be used. The person is answered all the same,
// as at the start of a conversation: an old page must never cost anyone help.
var (
	errTokenInvalid = errors.New("conversation token is not one of ours")
	errTokenExpired = errors.New("conversation token has expired")
)

// sealer turns values into opaque tokens and back: AES-256-GCM with a random
// nonce, so a token can be neither read nor changed, and purpose as additional
// data, so one kind of token cannot stand in for another.
type sealer struct {
	aead cipher.AEAD
}

// newSealer derives the key from secret (RFC 5869, HKDF with SHA-256), so that
// an operator may configure any long random text.
func newSealer(secret []byte) (sealer, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "kapbot web token v1", 32)
	if err != nil {
		return sealer{}, fmt.Errorf("derive token key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("make token cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("make token cipher: %w", err)
	}
	return sealer{aead: aead}, nil
}

// seal writes v as a token for purpose.
func (s sealer) seal(purpose string, v any) string {
	plain, err := json.Marshal(v)
	if err != nil {
		return "" // our own plain structs always marshal
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(purpose)))
}

// open reads a token for purpose into v.
func (s sealer) open(purpose, token string, v any) error {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") { // which base64 would pass over
		return errTokenInvalid
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return errTokenInvalid
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(purpose))
	if err != nil {
		return errTokenInvalid
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return errTokenInvalid
	}
	return nil
}

const (
	purposeState  = "conversation"
	purposeTicket = "rating"
)

// sealState seals st, to be good for ttl from now.
func (s sealer) sealState(st state, now time.Time, ttl time.Duration) string {
	st.Expires = now.Add(ttl)
	return s.seal(purposeState, st)
}

// openState opens a conversation token. "" is a conversation that has not begun.
func (s sealer) openState(token string, now time.Time) (state, error) {
	if token == "" {
		return state{}, nil
	}
	var st state
	if err := s.open(purposeState, token, &st); err != nil {
		return state{}, err
	}
	if !now.Before(st.Expires) {
		return state{}, errTokenExpired
	}
	if now.After(st.UrgentUntil) {
		st.Urgent = ""
	}
	return st, nil
}

// ticket lets whoever got a reply rate it: once, because ID names the rating.
type ticket struct {
	ID      string    `json:"i"`
	Topic   string    `json:"t"`
	Expires time.Time `json:"e"`
}
