package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
)

// edit changes the envelope of a statement.
func edit(t *testing.T, dir, name string, change func(*Envelope)) {
	t.Helper()
	var e Envelope
	if err := json.Unmarshal(get(t, dir, name), &e); err != nil {
		t.Fatal(err)
	}
	change(&e)
	raw, err := encode(e)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, name, raw)
}

// inPayload replaces a text of an envelope's payload.
func inPayload(old, text string) func(*Envelope) {
	return func(e *Envelope) {
		raw, _ := base64.StdEncoding.DecodeString(e.Payload)
		e.Payload = base64.StdEncoding.EncodeToString(bytes.ReplaceAll(raw, []byte(old), []byte(text)))
	}
}

// lines changes the lines of the event log.
func lines(t *testing.T, dir string, change func([]string) []string) {
	t.Helper()
	all := strings.SplitAfter(strings.TrimSuffix(string(get(t, dir, EventsFile)), "\n"), "\n")
	all[len(all)-1] += "\n"
	put(t, dir, EventsFile, []byte(strings.Join(change(all), "")))
}

// relist writes the manifest anew, as somebody would who hides a change.
func relist(t *testing.T, dir string) {
	t.Helper()
	c, err := readFolder(dir, unlisted, usual)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := encode(newManifest(c.entries))
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, ManifestFile, raw)
}

func TestTampering(t *testing.T) {
	for name, c := range map[string]struct {
		tamper  func(t *testing.T, dir string)
		options VerifyOptions
		says    string
	}{
		"the verdict in the test result": {func(t *testing.T, dir string) {
			edit(t, dir, StatementFile, inPayload(`"result":"FAILED"`, `"result":"PASSED"`))
		}, asked(), "statement.dsse.json: the signature does not fit this key and this content"},
		"the verdict in the facts": {func(t *testing.T, dir string) {
			edit(t, dir, FactsEnvelopeFile, inPayload(`"verdict":"fail"`, `"verdict":"pass"`))
		}, asked(), "facts.dsse.json: the signature does not fit"},
		"the verdict in the report": {func(t *testing.T, dir string) {
			put(t, dir, ReportFile, bytes.Replace(get(t, dir, ReportFile), []byte(`"word": "fail"`), []byte(`"word": "pass"`), 1))
		}, asked(), "files: not as listed (report.json was changed)"},
		"the verdict in the report, with a new manifest": {func(t *testing.T, dir string) {
			put(t, dir, ReportFile, bytes.Replace(get(t, dir, ReportFile), []byte(`"word": "fail"`), []byte(`"word": "pass"`), 1))
			relist(t, dir)
		}, asked(), "what was signed is another manifest"},
		"the type of the payload": {func(t *testing.T, dir string) {
			edit(t, dir, StatementFile, func(e *Envelope) { e.PayloadType = "application/json" })
		}, asked(), `payloadType is "application/json"`},
		"no signature": {func(t *testing.T, dir string) {
			edit(t, dir, StatementFile, func(e *Envelope) { e.Signatures = nil })
		}, asked(), "statement.dsse.json: there is no signature"},
		"no signature, and nobody asked": {func(t *testing.T, dir string) {
			edit(t, dir, StatementFile, func(e *Envelope) { e.Signatures = nil })
		}, VerifyOptions{}, "statement.dsse.json: there is no signature"},
		"the key's id rewritten": {func(t *testing.T, dir string) {
			edit(t, dir, StatementFile, func(e *Envelope) { e.Signatures[0].KeyID = "evil\x1b[31m; nonce: matches" })
		}, VerifyOptions{}, `the two statements name different keys`},
		"one statement in the place of the other": {func(t *testing.T, dir string) {
			put(t, dir, FactsEnvelopeFile, get(t, dir, StatementFile))
		}, asked(), `facts.dsse.json: predicateType is`},
		"the statement taken away": {func(t *testing.T, dir string) { remove(t, dir, StatementFile) }, asked(), "statement.dsse.json is missing"},
		"the facts taken away":     {func(t *testing.T, dir string) { remove(t, dir, FactsEnvelopeFile) }, asked(), "facts.dsse.json is missing"},
		"the manifest taken away":  {func(t *testing.T, dir string) { remove(t, dir, ManifestFile) }, asked(), "manifest.json is missing"},
		"the bare predicate": {func(t *testing.T, dir string) {
			put(t, dir, PredicateFile, bytes.Replace(get(t, dir, PredicateFile), []byte("FAILED"), []byte("PASSED"), 1))
		}, asked(), "predicate.json was changed"},
		"a file changed":            {func(t *testing.T, dir string) { put(t, dir, "report.html", []byte("all is well")) }, asked(), "report.html was changed"},
		"a file added":              {func(t *testing.T, dir string) { put(t, dir, "evidence/more.txt", nil) }, asked(), "evidence/more.txt is not listed"},
		"a file missing":            {func(t *testing.T, dir string) { remove(t, dir, "evidence/browser.txt") }, asked(), "evidence/browser.txt is missing"},
		"the report missing":        {func(t *testing.T, dir string) { remove(t, dir, ReportFile) }, asked(), "report.json is missing"},
		"a link in place of a file": {func(t *testing.T, dir string) { link(t, dir, "report.html") }, asked(), "is no plain file"},
		"another key":               {nothing, VerifyOptions{Key: other()}, "the signature does not fit this key"},
		"another nonce":             {nothing, VerifyOptions{Key: asked().Key, Nonce: "rfp-43"}, "nonce: does not match, it is " + testNonce},
		"a line cut out": {func(t *testing.T, dir string) {
			lines(t, dir, func(all []string) []string { return append(all[:4:4], all[5:]...) })
		}, asked(), "event log: line 5 does not follow from the line before"},
		"a line changed": {func(t *testing.T, dir string) {
			lines(t, dir, func(all []string) []string {
				all[3] = strings.Replace(all[3], `"outcome":"`, `"outcome":"x`, 1)
				return all
			})
		}, asked(), "event log: line 5 does not follow"},
		"two lines swapped": {func(t *testing.T, dir string) {
			lines(t, dir, func(all []string) []string { all[2], all[3] = all[3], all[2]; return all })
		}, asked(), "event log: line 3 does not follow"},
		"the last line changed": {func(t *testing.T, dir string) {
			lines(t, dir, func(all []string) []string {
				last := &all[len(all)-1]
				*last = strings.Replace(*last, `"outcome":"`, `"outcome":"x`, 1)
				return all
			})
		}, asked(), "event log: it does not end as was signed"},
		"the tail cut": {func(t *testing.T, dir string) {
			lines(t, dir, func(all []string) []string { return all[:len(all)-2] })
		}, asked(), "the last ones were cut off"},
		"the last line cut in half": {func(t *testing.T, dir string) {
			log := get(t, dir, EventsFile)
			put(t, dir, EventsFile, log[:len(log)-9])
		}, asked(), "event log: its last line is cut off"},
		"an empty log": {func(t *testing.T, dir string) { put(t, dir, EventsFile, nil) }, asked(), "event log: it is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := folder(t, testReport())
			c.tamper(t, dir)
			r, err := Verify(dir, c.options)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Line()).To(ContainSubstring(c.says))
			g.Expect(r.Line()).NotTo(ContainSubstring("\x1b"))
			g.Expect(r.OK()).To(BeFalse())
			if name != "another nonce" {
				g.Expect(Signature(r).Valid).To(BeFalse())
			}
			g.Expect(Signature(r).NonceMatches).To(BeFalse())
		})
	}
}

// Who signs anew can say anything, and yet not that their own report says something else.
func TestASignerWhoContradictsTheReport(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*TestResult, *Facts)
		says   string
	}{
		"another verdict":  {func(r *TestResult, f *Facts) { r.Result, f.Verdict = resultPassed, reports.VerdictPass }, "the statement says pass and report.json says fail"},
		"another result":   {func(r *TestResult, _ *Facts) { r.Result = resultPassed }, "one statement says PASSED and the other fail"},
		"another nonce":    {func(_ *TestResult, f *Facts) { f.Nonce = "rfp-43" }, "are of different runs"},
		"another version":  {func(_ *TestResult, f *Facts) { f.Target.Version = "99" }, "are of different runs"},
		"a whole run":      {func(_ *TestResult, f *Facts) { f.Partial = !f.Partial }, "are of different runs"},
		"another rule":     {func(_ *TestResult, f *Facts) { f.Rule = reports.RuleTrust }, "are of different runs"},
		"another operator": {func(_ *TestResult, f *Facts) { f.Operator.Kind = reports.OperatorBuyer }, "are of different runs"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := folder(t, testReport())
			var result TestResult
			var facts Facts
			g.Expect(json.Unmarshal(get(t, dir, PredicateFile), &result)).To(Succeed())
			g.Expect(json.Unmarshal(get(t, dir, FactsFile), &facts)).To(Succeed())
			c.change(&result, &facts)
			read, err := readFolder(dir, made, usual)
			g.Expect(err).NotTo(HaveOccurred())
			files, err := sign(read.entries, testKey(), get(t, dir, EventsFile), result, facts)
			g.Expect(err).NotTo(HaveOccurred())
			for _, f := range files {
				put(t, dir, f.Name, f.Data)
			}
			r, err := Verify(dir, VerifyOptions{Key: asked().Key})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Line()).To(And(ContainSubstring(": valid; "), ContainSubstring("contradiction: "), ContainSubstring(c.says)))
			g.Expect(r.OK()).To(BeFalse())
			g.Expect(Signature(r).Valid).To(BeFalse())
		})
	}
}

// A log that fits its own statement, and not the report, is somebody else's.
func TestALogThatIsNotTheReports(t *testing.T) {
	g := NewWithT(t)
	dir := folder(t, testReport())
	shorter := testReport()
	shorter.Checks = shorter.Checks[:len(shorter.Checks)-1]
	raw, err := json.Marshal(shorter)
	g.Expect(err).NotTo(HaveOccurred())
	log, head, n, err := EventLog(raw)
	g.Expect(err).NotTo(HaveOccurred())
	var result TestResult
	var facts Facts
	g.Expect(json.Unmarshal(get(t, dir, PredicateFile), &result)).To(Succeed())
	g.Expect(json.Unmarshal(get(t, dir, FactsFile), &facts)).To(Succeed())
	facts.EventLog = EventRef{head, n}
	read, err := readFolder(dir, made, usual)
	g.Expect(err).NotTo(HaveOccurred())
	files, err := sign(read.entries, testKey(), log, result, facts)
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range files {
		put(t, dir, f.Name, f.Data)
	}
	r, err := Verify(dir, asked())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Line()).To(ContainSubstring("event log: it is not the log of report.json"))
	g.Expect(r.OK()).To(BeFalse())
}

func TestArchivesThatAreNoBundles(t *testing.T) {
	for name, c := range map[string]struct {
		more func(*testing.T, *zip.Writer)
		says string
	}{
		"a path upwards":       {named("../evil.txt"), "is no plain path"},
		"a path from the root": {named("/etc/evil"), "is no plain path"},
		"a path of Windows":    {named(`..\evil.txt`), "is no plain path"},
		"a drive":              {named("C:evil.txt"), "is no plain path"},
		"a folder": {func(t *testing.T, w *zip.Writer) {
			if _, err := w.Create("folder/"); err != nil {
				t.Fatal(err)
			}
		}, "is no plain path"},
		"a path with an escape":     {named("a\x1b[2J.txt"), "is no plain path"},
		"a file twice":              {named("report.json"), "is in the archive twice"},
		"a file twice but for case": {named("Report.JSON"), "is in the archive twice"},
		"a link": {func(t *testing.T, w *zip.Writer) {
			h := &zip.FileHeader{Name: "link"}
			h.SetMode(fs.ModeSymlink | 0o777)
			entry(t, w, h, strings.NewReader("/etc/passwd"))
		}, "is no plain file"},
		"one more file": {named("more.txt"), "more.txt is not listed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			path := zipOf(t, folder(t, testReport()), func(w *zip.Writer) { c.more(t, w) })
			r, err := Verify(path, asked())
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Line()).To(ContainSubstring(c.says))
			g.Expect(r.Line()).NotTo(ContainSubstring("\x1b"))
			g.Expect(r.OK()).To(BeFalse())
			g.Expect(Signature(r).Valid).To(BeFalse())
		})
	}
}

func named(name string) func(*testing.T, *zip.Writer) {
	return func(t *testing.T, w *zip.Writer) {
		entry(t, w, &zip.FileHeader{Name: name, Method: zip.Deflate}, strings.NewReader("x"))
	}
}

// A megabyte of noughts packs into a kilobyte: what counts is what comes out.
func TestAnArchiveThatUnpacksToTooMuch(t *testing.T) {
	noughts := func(name string) func(*zip.Writer) {
		return func(w *zip.Writer) {
			entry(t, w, &zip.FileHeader{Name: name, Method: zip.Deflate}, bytes.NewReader(make([]byte, 1<<20)))
		}
	}
	empty := t.TempDir()
	for name, c := range map[string]struct {
		path   string
		limits limits
		says   string
	}{
		"one file":       {zipOf(t, empty, noughts("big.bin")), limits{files: 9, file: 1 << 19, kept: 1 << 30, total: 1 << 30}, "big.bin holds more than 524288 bytes"},
		"a file to keep": {zipOf(t, empty, noughts("report.json")), limits{files: 9, file: 1 << 30, kept: 1 << 19, total: 1 << 30}, "report.json holds more than 524288 bytes"},
		"all together":   {zipOf(t, empty, func(w *zip.Writer) { noughts("a")(w); noughts("b")(w) }), limits{files: 9, file: 1 << 30, kept: 1 << 30, total: 3 << 19}, "b holds more than"},
		"many files":     {zipOf(t, empty, func(w *zip.Writer) { noughts("a")(w); noughts("b")(w) }), limits{files: 1, file: 1 << 30, kept: 1 << 30, total: 1 << 30}, "more than 1 files"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			raw, err := os.ReadFile(c.path)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(len(raw)).To(BeNumerically("<", 10_000))
			read, err := readZip(bytes.NewReader(raw), int64(len(raw)), c.limits)
			g.Expect(err).To(MatchError(errTooLarge))
			r := verify(read, err, asked())
			g.Expect(r.Line()).To(ContainSubstring(c.says))
			g.Expect(r.OK()).To(BeFalse())
		})
	}
}

func nothing(*testing.T, string) {}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// link puts a link to the same content in a file's place.
func link(t *testing.T, dir, name string) {
	t.Helper()
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(filepath.Join(dir, name), moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(moved, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}
