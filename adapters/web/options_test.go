package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
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
	cert, key := writeCertificate(t)
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

// A renewed certificate is taken up without a restart, and a broken one is not.
func TestCertificateIsRenewed(t *testing.T) {
	cert, key := writeCertificate(t)
	now := time.Now()
	var faults []error
	c, err := newCertificate(cert, key, func() time.Time { return now }, func(err error) { faults = append(faults, err) })
	if err != nil {
		t.Fatal(err)
	}
	serial := func() string {
		t.Helper()
		now = now.Add(2 * recheck)
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.Leaf.NotAfter.String()
	}
	replace := func(path, with string, at time.Time) {
		t.Helper()
		b, err := os.ReadFile(with)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.WriteFile(path, b, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	first := serial()
	other, otherKey := writeCertificate(t)
	replace(cert, other, now.Add(time.Hour)) // half of it: does not fit the key
	if serial() != first || len(faults) == 0 {
		t.Errorf("a broken pair was taken up, or nobody was told: %v", faults)
	}
	replace(key, otherKey, now.Add(2*time.Hour))
	faults = nil
	if serial(); len(faults) != 0 {
		t.Errorf("the new pair was not taken up: %v", faults)
	}
	want, err := tls.LoadX509KeyPair(other, otherKey)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.get(nil); err != nil || !got.Leaf.Equal(want.Leaf) {
		t.Error("the old certificate is still in use")
	}
}

func TestCertificateMissing(t *testing.T) {
	if _, err := New(Options{Bot: newBot(t), TLS: TLS{Cert: "no.pem", Key: "no.key"}}); err == nil || !strings.Contains(err.Error(), "no.pem") {
		t.Errorf("error: %v", err)
	}
}

func writeCertificate(t *testing.T) (cert, key string) {
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
