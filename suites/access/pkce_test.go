package access

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/target"
)

func TestEachCredentialHasAPKCEPairOfItsOwn(t *testing.T) {
	g := NewWithT(t)
	d, _ := newDriver(t)
	path := webSession(application(t, func(http.ResponseWriter) bool { return true }))
	var verifiers []string
	for range 2 {
		c, err := d.Arm(t.Context(), path, "polled", ada)
		g.Expect(err).NotTo(HaveOccurred())
		verifier := c.values[target.PKCEVerifier]
		sum := sha256.Sum256([]byte(verifier)) // RFC 7636 section 4.2
		g.Expect(c.values[target.PKCEChallenge]).To(Equal(base64.RawURLEncoding.EncodeToString(sum[:])))
		g.Expect(verifier).To(HaveLen(43))
		verifiers = append(verifiers, verifier)
	}
	g.Expect(verifiers[0]).NotTo(Equal(verifiers[1]))
}
