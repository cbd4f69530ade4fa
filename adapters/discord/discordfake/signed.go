package discordfake

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Signer signs HTTP interactions as Discord does, with Ed25519 over the
// timestamp and the body.
type Signer struct {
	key    ed25519.PrivateKey
	Public string // in hexadecimal, for the configuration
}

// NewSigner makes a key pair.
func NewSigner() (*Signer, error) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return &Signer{key: key, Public: hex.EncodeToString(public)}, nil
}

// Request makes a signed POST of the body, as of the given time.
func (g *Signer) Request(url string, body []byte, at time.Time) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(g.key, append([]byte(stamp), body...))))
	return r, nil
}

// PostInteraction sends an interaction over HTTP in place of the gateway and
// takes the response in the answer's body. It returns the interaction's id and
// the HTTP status.
func (s *Server) PostInteraction(g *Signer, url string, use Use, kind int, data map[string]any) (string, int, error) {
	s.mu.Lock()
	in := s.newInteraction(use, kind, data)
	body, err := json.Marshal(in.Payload)
	s.mu.Unlock()
	if err != nil {
		return "", 0, err
	}
	r, err := g.Request(url, body, time.Now())
	if err != nil {
		return "", 0, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return in.ID, res.StatusCode, err
	}
	var c callback
	if err := json.Unmarshal(answer, &c); err != nil {
		return in.ID, res.StatusCode, fmt.Errorf("answer is not JSON: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if bad := s.respond(in, c); bad != nil {
		return in.ID, res.StatusCode, fmt.Errorf("answer refused: %s", bad.message)
	}
	return in.ID, res.StatusCode, nil
}
