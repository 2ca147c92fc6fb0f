package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports/redact"
)

func TestTheCertificateOfAHostIsKnown(t *testing.T) {
	g := NewWithT(t)
	answer := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	secure, plain := httptest.NewTLSServer(answer), httptest.NewServer(answer)
	defer secure.Close()
	defer plain.Close()
	recorder := NewRecorder(redact.New(), "scimproof-")
	transport := &Transport{Base: secure.Client().Transport, Recorder: recorder, MaxBody: 1 << 10}
	for _, address := range []string{secure.URL, plain.URL} {
		resp, err := (&http.Client{Transport: transport}).Get(address)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(resp.Body.Close()).To(Succeed())
	}
	sum := sha256.Sum256(secure.Certificate().Raw)
	g.Expect(recorder.TLSLeaf(strings.TrimPrefix(secure.URL, "https://"))).To(Equal(hex.EncodeToString(sum[:])))
	g.Expect(recorder.TLSLeaf(strings.TrimPrefix(plain.URL, "http://"))).To(BeEmpty())
	g.Expect(recorder.TLSLeaf("elsewhere.example.com")).To(BeEmpty())
}
