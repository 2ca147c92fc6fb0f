package bundle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

func other() []byte {
	_, public, err := NewKey()
	if err != nil {
		panic(err)
	}
	key, err := ParsePublic(public)
	if err != nil {
		panic(err)
	}
	return key
}

func TestWhatMakeRefuses(t *testing.T) {
	private, _, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change  func(dir string)
		options MakeOptions
		says    string
	}{
		"no report":             {func(dir string) { _ = os.Remove(dir + "/" + ReportFile) }, MakeOptions{Key: testKey()}, "holds no report.json: give the --out folder"},
		"a broken report":       {func(dir string) { put(t, dir, ReportFile, []byte("{")) }, MakeOptions{Key: testKey()}, "report.json: unexpected end"},
		"a foreign report":      {func(dir string) { put(t, dir, ReportFile, []byte("{}")) }, MakeOptions{Key: testKey()}, "target.profileDigest is not a SHA-256"},
		"the key beside it":     {func(dir string) { put(t, dir, "evidence/key.pem", private) }, MakeOptions{Key: testKey()}, "evidence/key.pem holds a private key"},
		"a hidden file":         {func(dir string) { put(t, dir, ".cache/x", nil) }, MakeOptions{Key: testKey()}, ".cache/x is a hidden file"},
		"another nonce":         {func(string) {}, MakeOptions{Key: testKey(), Nonce: "rfp-43"}, `the run carries the nonce "rfp-2026.42", not "rfp-43"`},
		"a key of another kind": {func(string) {}, MakeOptions{Key: elsewhere}, "bundles are signed with ed25519"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, testReport())
			c.change(dir)
			_, err := Make(dir, c.options)
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func TestARunWithoutTheNonceIsNotBundledAsOneWithIt(t *testing.T) {
	g := NewWithT(t)
	r := testReport()
	r.Run.Nonce = ""
	_, err := Make(folder(t, r), MakeOptions{Key: testKey(), Nonce: testNonce})
	g.Expect(err).To(MatchError(ContainSubstring("run again with --nonce " + testNonce)))
}

func TestResultOfAVerdict(t *testing.T) {
	for word, want := range map[reports.Word]struct{ result, warnedFor string }{
		reports.VerdictPass:           {"PASSED", ""},
		reports.VerdictWithExceptions: {"WARNED", "exceptions"},
		reports.VerdictInconclusive:   {"WARNED", "inconclusive"},
		reports.VerdictFail:           {"FAILED", ""},
		reports.VerdictError:          {"FAILED", ""},
		"":                            {"FAILED", ""},
		"something new":               {"FAILED", ""},
	} {
		t.Run(string(word), func(t *testing.T) {
			g := NewWithT(t)
			r := testReport()
			r.Verdict.Word = word
			dir := folder(t, r)
			var result TestResult
			var facts Facts
			g.Expect(json.Unmarshal(get(t, dir, PredicateFile), &result)).To(Succeed())
			g.Expect(json.Unmarshal(get(t, dir, FactsFile), &facts)).To(Succeed())
			g.Expect(result.Result).To(Equal(want.result))
			g.Expect(facts.WarnedFor).To(Equal(want.warnedFor))
		})
	}
}

func TestResultOfACheck(t *testing.T) {
	gaps := map[string]reports.Gap{
		"open":     {State: reports.StateOpen, Severity: reports.SeverityHigh},
		"excepted": {State: reports.StateExcepted, Severity: reports.SeverityHigh},
		"expired":  {State: reports.StateExceptionExpired, Severity: reports.SeverityHigh},
		"info":     {State: reports.StateOpen, Severity: reports.SeverityInfo},
	}
	for _, c := range []struct {
		outcome reports.Outcome
		gap     string
		want    string
	}{
		{reports.OutcomeConformant, "", "PASSED"},
		{reports.OutcomeSurvived, "open", "FAILED"},
		{reports.OutcomeSurvived, "expired", "FAILED"},
		{reports.OutcomeSurvived, "excepted", "WARNED"},
		{reports.OutcomeSurvived, "", "FAILED"},
		{reports.OutcomeNonconformant, "info", "WARNED"},
		{reports.OutcomeOperational, "", "WARNED"},
		{reports.OutcomeNoEvidence, "open", "WARNED"},
		{reports.OutcomeRecorded, "", ""},
		{reports.OutcomeNotSelected, "", ""},
		{reports.OutcomeNotTested, "", ""},
		{reports.OutcomeNotApplicable, "", ""},
		{"something new", "", "FAILED"},
	} {
		t.Run(string(c.outcome)+" "+c.gap, func(t *testing.T) {
			NewWithT(t).Expect(resultOfCheck(reports.Check{Outcome: c.outcome, Gap: c.gap}, gaps)).To(Equal(c.want))
		})
	}
}

func TestTheStatementNamesWhatTheVerdictRestsOn(t *testing.T) {
	g := NewWithT(t)
	report := testReport()
	dir := folder(t, report)
	payload, _, err := open(get(t, dir, StatementFile), publicOf(testKey()))
	g.Expect(err).NotTo(HaveOccurred())
	var s Statement
	g.Expect(json.Unmarshal(payload, &s)).To(Succeed())
	g.Expect(s.Type).To(Equal("https://in-toto.io/Statement/v1"))
	g.Expect(s.PredicateType).To(Equal("https://in-toto.io/attestation/test-result/v0.1"))
	g.Expect(s.Subject[0]).To(Equal(resource("manifest.json", digest(get(t, dir, ManifestFile)))))
	g.Expect(s.Subject).To(ContainElement(resource("report.json", digest(get(t, dir, ReportFile)))))
	var result TestResult
	g.Expect(json.Unmarshal(s.Predicate, &result)).To(Succeed())
	names := map[string]string{}
	for _, c := range result.Configuration {
		names[c.Name] = c.Digest["sha256"]
	}
	g.Expect(names).To(HaveLen(4))
	g.Expect(names).To(HaveKeyWithValue("profile", report.Target.ProfileDigest))
	g.Expect(names).To(HaveKeyWithValue("exceptions", report.ExceptionsDigest))
	g.Expect(names["policy"]).To(HaveLen(64))

	stricter := testReport()
	stricter.Policy.FailFrom = reports.SeverityInfo
	config, err := configuration(stricter)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(config[1].Digest["sha256"]).NotTo(Equal(names["policy"]), "another gate has another digest")
	stricter.Policy.Digest = report.ExceptionsDigest
	config, err = configuration(stricter)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(config[1].Digest["sha256"]).To(Equal(report.ExceptionsDigest), "that of the file, where there is one")
}

// The suite's digest is that of the checks, whatever became of them.
func TestTheDigestOfTheSuite(t *testing.T) {
	g := NewWithT(t)
	a, b := testReport().Checks, testReport().Checks
	b[0].Outcome, b[0].State, b[0].DurationMs, b[0].Why = reports.OutcomeOperational, reports.SpecBroken, 17, "broken"
	b[1], b[2] = b[2], b[1]
	one, err := suiteDigest(a)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(suiteDigest(b)).To(Equal(one))
	b[0].Text += " or not"
	g.Expect(suiteDigest(b)).NotTo(Equal(one))
}

func TestTheLogHasALineForEachCheck(t *testing.T) {
	g := NewWithT(t)
	report := testReport()
	raw, err := json.Marshal(report)
	g.Expect(err).NotTo(HaveOccurred())
	log, head, n, err := EventLog(raw)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(n).To(Equal(len(report.Checks) + 1))
	followed, m, err := checkLog(log)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]any{followed, m}).To(Equal([]any{head, n}))
	all := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	var first opening
	g.Expect(json.Unmarshal(all[0], &first)).To(Succeed())
	g.Expect(first.Nonce).To(Equal(testNonce))
	var second event
	g.Expect(json.Unmarshal(all[1], &second)).To(Succeed())
	g.Expect(second.Check).To(Equal(report.Observations[0].Check), "the first that saw something")
	g.Expect(second.Previous).To(Equal(digest(all[0])))
	g.Expect(second.Observations[0].ID).To(Equal(report.Observations[0].ID))
	g.Expect(second.Evidence).To(HaveLen(len(report.Observations[0].Access.Tries)), "each try with its exchange")
	g.Expect(second.Evidence[0].ID).To(Equal(report.Observations[0].Access.Tries[0].Exchange))

	indented, err := json.MarshalIndent(report, "", "\t")
	g.Expect(err).NotTo(HaveOccurred())
	_, again, _, err := EventLog(indented)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again).To(Equal(head), "white space is nothing")

	for i := range report.Exchanges {
		if report.Exchanges[i].ID == second.Evidence[0].ID {
			report.Exchanges[i].ResponseBody += "."
		}
	}
	changed, err := json.Marshal(report)
	g.Expect(err).NotTo(HaveOccurred())
	_, altered, _, err := EventLog(changed)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(altered).NotTo(Equal(head), "evidence counts")

	_, _, _, err = EventLog([]byte(`{"observations":[3]}`))
	g.Expect(err).To(MatchError(ContainSubstring("report.json: observations")))
}

func TestKeys(t *testing.T) {
	g := NewWithT(t)
	private, public, err := NewKey()
	g.Expect(err).NotTo(HaveOccurred())
	key, err := ParsePrivate(private)
	g.Expect(err).NotTo(HaveOccurred())
	shownKey, err := ParsePublic(public)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(publicOf(key)).To(Equal(shownKey))
	g.Expect(KeyID(shownKey)).To(HaveLen(64))

	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	inner, err := x509.MarshalPKCS8PrivateKey(curve)
	g.Expect(err).NotTo(HaveOccurred())
	outer, err := x509.MarshalPKIXPublicKey(curve.Public())
	g.Expect(err).NotTo(HaveOccurred())
	for name, c := range map[string]struct {
		parse func([]byte) error
		data  []byte
		says  string
	}{
		"nothing":                 {asPrivate, nil, "not a PEM file"},
		"a public one to sign":    {asPrivate, public, "signing takes the private one"},
		"one with a password":     {asPrivate, block("ENCRYPTED PRIVATE KEY", inner), "give an unencrypted PKCS #8 key"},
		"rubbish":                 {asPrivate, block("PRIVATE KEY", []byte("x")), "not a private key in PKCS #8"},
		"another kind":            {asPrivate, block("PRIVATE KEY", inner), "signed with ed25519"},
		"no key to verify":        {asPublic, []byte("x"), "not a PEM file"},
		"a private one to verify": {asPublic, private, "belongs to the signer alone"},
		"a certificate":           {asPublic, block("CERTIFICATE", outer), `a PEM block "CERTIFICATE"`},
		"public rubbish":          {asPublic, block("PUBLIC KEY", []byte("x")), "not a public key"},
		"another kind of public":  {asPublic, block("PUBLIC KEY", outer), "signed with ed25519"},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(c.parse(c.data)).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func asPrivate(data []byte) error { _, err := ParsePrivate(data); return err }
func asPublic(data []byte) error  { _, err := ParsePublic(data); return err }

func block(kind string, data []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data})
}
