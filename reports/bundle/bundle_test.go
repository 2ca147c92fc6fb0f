package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/reporttest"
)

const testNonce = "rfp-2026.42"

// testKey is always the same, so that two bundles can be compared.
func testKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)) }

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	public, _ := key.Public().(ed25519.PublicKey)
	return public
}

// testReport is the fixture with few of its checks: a bundle is the same for many.
func testReport() *reports.Report {
	r := reporttest.Report()
	r.Checks, r.Observations = r.Checks[:8], r.Observations[:12]
	quotes := map[string]bool{}
	for _, o := range r.Observations {
		if o.Access != nil {
			for _, try := range o.Access.Tries {
				quotes[try.Exchange] = true
			}
		}
	}
	r.Exchanges = slices.DeleteFunc(r.Exchanges, func(e reports.Exchange) bool { return !quotes[e.ID] })
	r.Requirements, r.Stories, r.Matrix = nil, nil, nil
	r.Run.Nonce = testNonce
	r.Run.Operator = reports.Operator{Kind: reports.OperatorVendor, Name: "Northwind Software"}
	return r
}

// folder writes a report folder with a bundle in it.
func folder(t testing.TB, r *reports.Report) string {
	t.Helper()
	dir := t.TempDir()
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, ReportFile, raw)
	put(t, dir, "report.html", []byte("<!doctype html><title>report</title>"))
	put(t, dir, "evidence/browser.txt", []byte("a page"))
	remake(t, dir)
	return dir
}

// remake makes the bundle of a folder anew.
func remake(t testing.TB, dir string) {
	t.Helper()
	files, err := Make(dir, MakeOptions{Key: testKey(), Bundler: reports.Tool{Name: "scimproof", Version: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		put(t, dir, f.Name, f.Data)
	}
}

func put(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// archive zips a folder.
func archive(t testing.TB, dir string) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteZip(&b, dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bundle.zip")
	put(t, filepath.Dir(path), filepath.Base(path), b.Bytes())
	return path
}

func asked() VerifyOptions { return VerifyOptions{Key: publicOf(testKey()), Nonce: testNonce} }

func TestABundleHolds(t *testing.T) {
	dir := folder(t, testReport())
	const facts = "6 files as listed; %s; event log: whole; verdict: fail (gaps); run by vendor \"Northwind Software\" on 2026-11-23 against northwind-crm-staging 4.2.1 staging"
	signer := "signed by " + KeyID(publicOf(testKey()))
	for name, path := range map[string]string{"folder": dir, "zip": archive(t, dir)} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			r, err := Verify(path, asked())
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Line()).To(Equal(signer + ": valid; " + strings.Replace(facts, "%s", "nonce: matches", 1)))
			g.Expect(r.OK()).To(BeTrue())
			g.Expect(Signature(r)).To(Equal(&reports.Signature{Valid: true, NonceMatches: true, KeyID: KeyID(publicOf(testKey()))}))

			r, err = Verify(path, VerifyOptions{})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Line()).To(Equal(signer + ": not checked, the signer is not known (give --key); " + strings.Replace(facts, "%s", "nonce: "+testNonce+" (not asked for)", 1)))
			g.Expect(r.OK()).To(BeTrue(), "nobody asked who signed")
			g.Expect(Signature(r).Valid).To(BeFalse(), "the gate does not take an unknown signer's word")

			r, err = Verify(path, VerifyOptions{Nonce: testNonce})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.OK()).To(BeTrue())
			g.Expect(Signature(r).NonceMatches).To(BeFalse(), "anybody could have written the nonce")
		})
	}
}

func TestAMissingBundleIsAMistakeOfTheCaller(t *testing.T) {
	_, err := Verify(filepath.Join(t.TempDir(), "nowhere.zip"), asked())
	NewWithT(t).Expect(err).To(MatchError(os.ErrNotExist))
}

func TestTheSameFolderGivesTheSameBytes(t *testing.T) {
	g := NewWithT(t)
	a, b := folder(t, testReport()), folder(t, testReport())
	remake(t, b) // over what is there
	one, err := os.ReadFile(archive(t, a))
	g.Expect(err).NotTo(HaveOccurred())
	two, err := os.ReadFile(archive(t, b))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(one).To(Equal(two))
}

// An independent reader of DSSE takes what we sign, and refuses it once it was touched.
func TestOthersReadTheSignature(t *testing.T) {
	dir := folder(t, testReport())
	for _, name := range []string{StatementFile, FactsEnvelopeFile} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			verifier, err := dsse.NewEnvelopeVerifier(theirs{publicOf(testKey())})
			g.Expect(err).NotTo(HaveOccurred())
			var e dsse.Envelope
			g.Expect(json.Unmarshal(get(t, dir, name), &e)).To(Succeed())
			accepted, err := verifier.Verify(t.Context(), &e)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(accepted).To(HaveLen(1))
			g.Expect(accepted[0].KeyID).To(Equal(KeyID(publicOf(testKey()))))

			touched := e
			touched.PayloadType = "application/json"
			_, err = verifier.Verify(t.Context(), &touched)
			g.Expect(err).To(HaveOccurred())
			touched = e
			touched.Payload = strings.Replace(e.Payload, e.Payload[40:44], "AAAA", 1)
			_, err = verifier.Verify(t.Context(), &touched)
			g.Expect(err).To(HaveOccurred())
		})
	}
}

// And we read what they sign.
func TestWeReadTheSignatureOfOthers(t *testing.T) {
	g := NewWithT(t)
	signer, err := dsse.NewEnvelopeSigner(theirs{publicOf(testKey())})
	g.Expect(err).NotTo(HaveOccurred())
	e, err := signer.SignPayload(t.Context(), PayloadType, []byte(`{"a":1}`))
	g.Expect(err).NotTo(HaveOccurred())
	raw, err := json.Marshal(e)
	g.Expect(err).NotTo(HaveOccurred())
	payload, _, err := open(raw, publicOf(testKey()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(payload)).To(Equal(`{"a":1}`))
}

// theirs lends the library the key.
type theirs struct{ key ed25519.PublicKey }

func (v theirs) Sign(_ context.Context, data []byte) ([]byte, error) {
	return testKey().Sign(nil, data, crypto.Hash(0))
}

func (v theirs) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(v.key, data, sig) {
		return errSignature
	}
	return nil
}
func (v theirs) KeyID() (string, error)   { return KeyID(v.key), nil }
func (v theirs) Public() crypto.PublicKey { return v.key }

// zipOf makes an archive by hand, with entries that WriteZip never makes.
func zipOf(t testing.TB, dir string, more func(*zip.Writer)) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	source, err := zip.OpenReader(archive(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range source.File {
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	more(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "by-hand.zip")
	put(t, filepath.Dir(path), filepath.Base(path), b.Bytes())
	return path
}

func entry(t testing.TB, w *zip.Writer, h *zip.FileHeader, r io.Reader) {
	t.Helper()
	inner, err := w.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(inner, r); err != nil {
		t.Fatal(err)
	}
}
