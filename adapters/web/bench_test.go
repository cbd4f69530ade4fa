package web

import (
	"net/http/httptest"
	"net/url"
	"testing"
)

func benchServer(b *testing.B) *Server {
	return newServer(b, Options{Limits: Limits{PerAddress: 1e9, PerAddressBurst: 1e9, Total: 1e9, TotalBurst: 1e9}})
}

// One question by the API, without the network.
func BenchmarkAPIAsk(b *testing.B) {
	h := benchServer(b).Handler()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), jsonRequest("/v1/ask", `{"q":"who may benefit?"}`))
	}
}

// One question by the page, without the network.
func BenchmarkPageAsk(b *testing.B) {
	h := benchServer(b).Handler()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), formRequest("/ask", url.Values{"q": {"who may benefit?"}}))
	}
}
