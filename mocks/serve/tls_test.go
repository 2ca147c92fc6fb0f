package serve_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/mocks/serve"
)

// What each defect of the connection, and the connection as it should be, shows.
func TestTLS(t *testing.T) {
	for _, tt := range []struct {
		defect     string
		old, plain bool // TLS 1.2 is spoken; plain HTTP is answered by the application
	}{
		{"served-over-tls", true, false},
		{"newest-tls-only", false, false},
		{"plain-http-beside-tls", true, true},
	} {
		t.Run(tt.defect, func(t *testing.T) {
			g := NewWithT(t)
			profile := filepath.Join(t.TempDir(), "acme.yaml")
			s, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", Profile: profile, Defects: []string{tt.defect}})
			g.Expect(err).NotTo(HaveOccurred())
			defer func() { _ = s.Close() }()
			g.Expect(s.URL).To(HavePrefix("https://"))
			authority, err := os.ReadFile(strings.TrimSuffix(profile, ".yaml") + ".pem")
			g.Expect(err).NotTo(HaveOccurred())

			g.Expect(answers(authority, 0, s.URL)).To(BeTrue(), "over the newest version")
			g.Expect(answers(authority, tls.VersionTLS12, s.URL)).To(Equal(tt.old), "over TLS 1.2")
			g.Expect(answers(authority, 0, strings.Replace(s.URL, "https", "http", 1))).To(Equal(tt.plain), "over plain HTTP")
		})
	}
}

func answers(authority []byte, newest uint16, url string) bool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, MaxVersion: newest}, DisableKeepAlives: true}}
	reply, err := client.Get(url + "/healthz")
	if err != nil {
		return false
	}
	_ = reply.Body.Close()
	return reply.StatusCode == http.StatusOK
}

func TestTLSByOption(t *testing.T) {
	g := NewWithT(t)
	s, err := serve.Start(serve.Options{Listen: "127.0.0.1:0", TLS: true})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.URL).To(HavePrefix("https://"))
	g.Expect(s.Close()).To(Succeed())
}
