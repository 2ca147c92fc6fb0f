package users

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelBinary() {
	// RFC 7643 §2.3.6: binary data are base64, whose padding may be left out.
	It("takes a certificate in base64 and in nothing else",
		spec.ID("users.model.binary"), spec.Covers("RFC7643-2.3.6-01"), spec.Needs("attribute:x509Certificates"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim, certificate := mustVictim(ctx, t), modelCertificate()
			padded := base64.StdEncoding.EncodeToString(certificate)
			holds := func(r *scim.Reply) bool { return bytes.Equal(modelCertificateIn(r), certificate) }
			for _, form := range []struct{ what, value string }{{"with padding", padded}, {"without padding", strings.TrimRight(padded, "=")}} {
				reply := personSets(ctx, t, victim, "store a certificate "+form.what, "x509Certificates", modelValues(form.value))
				if !t.CheckThat("RFC7643-2.3.6-01", "success for a certificate in base64 "+form.what, reply.Status, createDone()) {
					continue
				}
				read := personUntil(ctx, t, victim.ID, holds)
				t.CheckThat("RFC7643-2.3.6-01", "the certificate that was sent "+form.what, modelSame(holds(read)), Equal("the same"))
			}
			before := modelCertificateIn(personRead(ctx, t, victim.ID))
			reply := personSets(ctx, t, victim, "store what is no base64", "x509Certificates", modelValues("!!!"))
			t.CheckThat("RFC7643-2.3.6-01", "status 400 for a certificate that is no base64", reply.Status, Equal(http.StatusBadRequest))
			after := modelCertificateIn(personRead(ctx, t, victim.ID))
			t.CheckThat("RFC7643-2.3.6-01", "the certificate that was stored before", modelSame(bytes.Equal(after, before)), Equal("the same"))
		})
}

// modelCertificate is one of nobody, of a length whose base64 has padding.
func modelCertificate() []byte {
	GinkgoHelper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for name := "scimproof"; ; name += "-" {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
			NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2046, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		Expect(err).NotTo(HaveOccurred())
		if len(der)%3 != 0 {
			return der
		}
	}
}

// modelCertificateIn is the only certificate of a user, nil for none or several.
func modelCertificateIn(r *scim.Reply) []byte {
	values := r.Doc.Values("x509Certificates")
	if len(values) != 1 {
		return nil
	}
	der, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(values[0], "="))
	if err != nil {
		return nil
	}
	return der
}

func modelValues(value string) []any { return []any{map[string]any{"value": value}} }

func modelSame(same bool) string {
	if same {
		return "the same"
	}
	return "another, or none"
}
