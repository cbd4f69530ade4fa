package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every mistake is reported, all at once, with the way out.
func TestOptions(t *testing.T) {
	_, err := New(Options{
		URL: "kap.example.org", Origins: []string{"https://*.example.org", "https://clinic.example.org/page"},
		Key: []byte("short"), TLS: TLS{Cert: "cert.pem", Hosts: []string{"kap.example.org"}},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"no bot", `"kap.example.org": write the whole origin`, "wildcards are not supported", "write only scheme and host",
		"at least 16", "cert and key go together", "not both", "cache directory",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not reported: %s\n%v", want, err)
		}
	}
}

// TLS by certificate files: TLS 1.2 or better, HTTP/2, and HSTS.
func TestTLS(t *testing.T) {
	cert, key := certificate(t)
	s := newServer(t, Options{TLS: TLS{Cert: cert, Key: key}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	client := func(most uint16) *http.Client {
		return &http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: true, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: most},
		}}
	}
	res, err := client(0).Get("https://" + ln.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.Header.Get("Strict-Transport-Security") == "" || res.ProtoMajor != 2 {
		t.Errorf("HSTS %q, HTTP/%d", res.Header.Get("Strict-Transport-Security"), res.ProtoMajor)
	}
	if res, err := client(tls.VersionTLS11).Get("https://" + ln.Addr().String() + "/"); err == nil {
		res.Body.Close()
		t.Error("TLS 1.1 was accepted")
	}
}

func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, b []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", secret)
}
