package users

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelValues() {
	It("has no two primary addresses of one user",
		spec.ID("users.model.primary.one"), spec.Covers("RFC7643-2.4-01"), spec.Needs("attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with two primary addresses", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"emails": []any{
				map[string]any{"value": s.Email, "type": "work", "primary": true},
				map[string]any{"value": "home." + s.Email, "type": "home", "primary": true},
			}})})
			if made.ID == "" {
				t.CheckThat("RFC7643-2.4-01", "status 400 where two primary addresses are refused", made.Status, Equal(http.StatusBadRequest))
				return
			}
			primary := modelPrimary(personRead(ctx, t, made.ID))
			t.CheckThat("RFC7643-2.4-01", "one primary address at most", strings.Join(primary, " and "), Not(ContainSubstring(" and ")))
		})

	It("makes no address primary that was not sent so",
		spec.ID("users.model.primary.default"), spec.Covers("RFC7643-2.4-02", "RFC7643-2.4-04"), spec.Needs("attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with an address of which nothing is said", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"emails": []any{map[string]any{"value": s.Email}}})})
			Expect(made.ID).NotTo(BeEmpty(), "a user with one address was not created")
			read := personRead(ctx, t, made.ID)
			// Many products have one primary address of everybody.
			t.Prefer("RFC7643-2.4-02", "no primary address", strings.Join(modelPrimary(read), " and "), BeEmpty())
			kinds := []string{}
			for _, e := range read.Doc.Objects("emails") {
				kinds = append(kinds, modelEither(e.Text("type") != "", "with the type "+e.Text("type"), "without a type"))
			}
			t.Record("RFC7643-2.4-04", "An address without a type", "comes back "+strings.Join(kinds, " and "))
		})

	It("shows a value once that was sent twice",
		spec.ID("users.model.duplicates"), spec.Covers("RFC7643-2.4-03"), spec.Needs("attribute:emails"),
		func(ctx SpecContext) { modelDuplicates(ctx, spec.From(ctx)) })

	It("takes and shows a certificate in base64, and no other text for one",
		spec.ID("users.model.binary"), spec.Covers("RFC7643-2.3.6-01"), spec.Needs("attribute:x509Certificates"),
		func(ctx SpecContext) { modelBinary(ctx, spec.From(ctx)) })
}

// modelPrimary lists the primary addresses of a user.
func modelPrimary(r *scim.Reply) []string {
	var list []string
	for _, e := range r.Doc.Objects("emails") {
		if v, _ := e.Get("primary"); strings.EqualFold(personWord(v), "true") {
			list = append(list, e.Text("value"))
		}
	}
	return list
}

// modelDuplicates sends an address twice in one body, and adds it once more.
func modelDuplicates(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	address := map[string]any{"value": s.Email, "type": "work"}
	made := t.PostUser(ctx, "create with an address twice", s.UserName, scim.Request{Body: modelPlain(t, s, scim.Document{"emails": []any{address, address}})})
	if made.ID == "" {
		t.CheckThat("RFC7643-2.4-03", "status 400 where a value that comes twice is refused", made.Status, Equal(http.StatusBadRequest))
		return
	}
	once := func(r *scim.Reply) string {
		return fmt.Sprintf("%d time(s)", len(slices.DeleteFunc(modelLower(r.Doc.Values("emails")), func(v string) bool { return v != strings.ToLower(s.Email) })))
	}
	read := personRead(ctx, t, made.ID)
	t.CheckThat("RFC7643-2.4-03", "the address once that was sent twice in one body", once(read), Equal("1 time(s)"))
	shown := read.Doc.Objects("emails")
	if !personCan(ctx, t, "patch") || len(shown) == 0 {
		return
	}
	t.Patch(ctx, "add the address that is there", scim.UserPath(made.ID),
		map[string]any{"op": "add", "path": "emails", "value": []any{shown[0]}}, spec.Replace("displayName", s.DisplayName))
	read = personUntil(ctx, t, made.ID, personText("displayName", s.DisplayName))
	t.CheckThat("RFC7643-2.4-03", "the address once that was added again", once(read), Equal("1 time(s)"))
}

// modelBinary stores a certificate with padding and without, and sends what is no base64.
func modelBinary(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	victim, der := mustModelVictim(ctx, t), modelCertificate()
	set := func(what, text string) *scim.Reply {
		return personSets(ctx, t, victim, "set a certificate "+what, "x509Certificates", []any{map[string]any{"value": text}})
	}
	stored := func(r *scim.Reply) bool { return slices.Equal(modelDecoded(r), []string{string(der)}) }
	for _, written := range []struct{ what, text string }{
		{"in base64 with padding", base64.StdEncoding.EncodeToString(der)},
		{"in base64 without padding", base64.RawStdEncoding.EncodeToString(der)},
	} {
		reply := set(written.what, written.text)
		if t.CheckThat("RFC7643-2.3.6-01", "success for a certificate "+written.what, reply.Status, createDone()) {
			read := personUntil(ctx, t, victim.ID, stored)
			t.CheckThat("RFC7643-2.3.6-01", "the certificate as it was sent "+written.what, modelEither(stored(read), "the same bytes", "others"), Equal("the same bytes"))
		}
	}
	t.CheckThat("RFC7643-2.3.6-01", "status 400 for a certificate that is no base64", set("that is no base64", "!!!").Status, Equal(http.StatusBadRequest))
	read := personRead(ctx, t, victim.ID)
	if !t.CheckThat("RFC7643-2.3.6-01", "no text in place of the certificate", strings.Join(read.Doc.Values("x509Certificates"), " "), Not(ContainSubstring("!!!"))) {
		t.Discard(modelVictimKey)
	}
}

// modelDecoded are the certificates that a read shows, as bytes. What is no base64 is left out.
func modelDecoded(r *scim.Reply) []string {
	var list []string
	for _, text := range r.Doc.Values("x509Certificates") {
		if der, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil {
			list = append(list, string(der))
		}
	}
	return list
}

// modelCertificate makes a certificate whose base64 has padding.
func modelCertificate() []byte {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	for name := "scimproof"; ; name += "." {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
			NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
		Expect(err).NotTo(HaveOccurred())
		if len(der)%3 != 0 {
			return der
		}
	}
}
