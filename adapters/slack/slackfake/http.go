package slackfake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Request returns the signed HTTP request with which Slack would deliver e at
// the time at. retry is the number of the attempt, 0 for the first.
func (s *Server) Request(target string, e Envelope, retry int, at time.Time) (*http.Request, error) {
	body, kind := httpBody(e)
	req, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", Sign(s.opts.SigningSecret, stamp, body))
	if retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(retry))
		req.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	return req, nil
}

// Sign computes Slack's v0 signature of a body.
func Sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func httpBody(e Envelope) ([]byte, string) {
	const form = "application/x-www-form-urlencoded"
	switch e.Type {
	case "interactive":
		return []byte(url.Values{"payload": {string(e.Payload)}}.Encode()), form
	case "slash_commands":
		return []byte(fields(e.Payload).Encode()), form
	default:
		return e.Payload, "application/json"
	}
}

// Post delivers e by HTTP in the background with Slack's retries until the app
// answers 2xx in time. The channel yields the body of that answer, or is closed.
func (s *Server) Post(target string, e Envelope) <-chan []byte {
	out := make(chan []byte, 1)
	s.wg.Go(func() {
		defer close(out)
		if body, ok := s.posts(target, e); ok {
			out <- body
		}
	})
	return out
}

func (s *Server) posts(target string, e Envelope) ([]byte, bool) {
	retries := s.opts.Retries
	if e.Once {
		retries = nil
	}
	for attempt := 0; attempt <= len(retries); attempt++ {
		if attempt > 0 && !s.pause(retries[attempt-1]) {
			return nil, false
		}
		body, again, ok := s.post(target, e, attempt)
		if ok {
			return body, true
		}
		if !again {
			break
		}
	}
	s.mu.Lock()
	s.stats.Lost++
	s.note()
	s.mu.Unlock()
	return nil, false
}

func (s *Server) post(target string, e Envelope, attempt int) (body []byte, again, ok bool) {
	req, err := s.Request(target, e, attempt, time.Now())
	if err != nil {
		return nil, false, false
	}
	s.mu.Lock()
	s.stats.Sent++
	if attempt > 0 {
		s.stats.Retries++
	}
	s.mu.Unlock()
	sent := time.Now()
	client := http.Client{Timeout: s.opts.AckWithin}
	resp, err := client.Do(req)
	if err != nil {
		return nil, true, false
	}
	defer resp.Body.Close()
	body, _ = io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if resp.StatusCode/100 != 2 {
		return nil, resp.Header.Get("X-Slack-No-Retry") == "", false
	}
	s.mu.Lock()
	s.stats.Delivered++
	s.stats.AckTimes = append(s.stats.AckTimes, time.Since(sent))
	s.note()
	s.mu.Unlock()
	return body, true, true
}
