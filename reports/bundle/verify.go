package bundle

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/scimproof/scimproof/reports"
)

// VerifyOptions is what is asked of a bundle.
type VerifyOptions struct {
	// Key is the signer's; nil leaves open who that is.
	Key ed25519.PublicKey
	// Nonce is the one that the buyer gave out; empty asks for none.
	Nonce string
}

// Verify looks at a bundle, a folder or a .zip, without any connection. It writes nothing. The
// error is for a bundle that is not there at all; whatever is wrong with it is in the result.
func Verify(path string, o VerifyOptions) (Result, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Result{}, fmt.Errorf("opening the bundle: %w", err)
	}
	if info.IsDir() {
		c, err := readFolder(path, nil, usual)
		return verify(c, err, o), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return Result{}, fmt.Errorf("opening the bundle: %w", err)
	}
	c, err := readZip(file, info.Size(), usual)
	return verify(c, err, o), file.Close()
}

// verify looks at what was read; unread says why nothing was.
func verify(c *content, unread error, o VerifyOptions) Result {
	r := Result{askedKey: o.Key != nil, askedNonce: o.Nonce}
	if unread != nil {
		r.Unreadable = unread.Error()
		return r
	}
	r.lookAtFiles(c)
	result, facts := r.lookAtSigned(c, o.Key)
	r.Facts = facts
	r.lookAtReport(c, result)
	return r
}

// lookAtFiles compares what is there with the manifest.
func (r *Result) lookAtFiles(c *content) {
	raw, there := c.data[ManifestFile]
	if !there {
		r.FileProblems = []string{ManifestFile + " is missing"}
		return
	}
	listed, err := readManifest(raw)
	if err != nil {
		r.FileProblems = []string{err.Error()}
		return
	}
	r.Files = len(listed)
	r.FileProblems = compare(listed, c.entries)
}

// lookAtSigned opens both envelopes and sees that they speak of these files.
func (r *Result) lookAtSigned(c *content, key ed25519.PublicKey) (*TestResult, *Facts) {
	var result *TestResult
	var facts *Facts
	var keys [2]string
	for i, s := range []struct {
		file, kind, bare string
		into             any
	}{{StatementFile, testResultType, PredicateFile, &result}, {FactsEnvelopeFile, FactsType, FactsFile, &facts}} {
		raw, there := c.data[s.file]
		if !there {
			r.Signing = append(r.Signing, s.file+" is missing")
			continue
		}
		payload, keyID, err := open(raw, key)
		keys[i] = keyID
		if err == nil {
			err = readStatement(payload, s.kind, c, c.data[s.bare], s.into)
		}
		if err != nil {
			r.Signing = append(r.Signing, s.file+": "+err.Error())
		}
	}
	r.KeyID = keys[0]
	if keys[0] != keys[1] {
		r.Signing = append(r.Signing, "the two statements name different keys")
	}
	return result, facts
}

// readStatement reads a statement of one kind, and its predicate into a pointer. Its subjects
// have to be the manifest and all that the manifest lists.
func readStatement(payload []byte, kind string, c *content, bare []byte, into any) error {
	var s Statement
	if err := json.Unmarshal(payload, &s); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	if s.Type != statementType {
		return fmt.Errorf("_type is %q, not %s", shown(s.Type), statementType)
	}
	if s.PredicateType != kind {
		return fmt.Errorf("predicateType is %q, not %s", shown(s.PredicateType), kind)
	}
	if err := json.Unmarshal(s.Predicate, into); err != nil {
		return fmt.Errorf("predicate: %w", err)
	}
	if reflect.ValueOf(into).Elem().IsNil() {
		return errors.New("predicate is null")
	}
	var tight bytes.Buffer
	if err := json.Compact(&tight, bare); err != nil || !bytes.Equal(tight.Bytes(), s.Predicate) {
		return errors.New("the predicate is not the one in the file beside it")
	}
	return checkSubjects(s.Subject, c)
}

func checkSubjects(subjects []Resource, c *content) error {
	listed, err := readManifest(c.data[ManifestFile])
	if err != nil {
		return err
	}
	named := make(map[string]string, len(subjects))
	for _, s := range subjects {
		named[s.Name] = s.Digest["sha256"]
	}
	if named[ManifestFile] != digest(c.data[ManifestFile]) {
		return errors.New("what was signed is another manifest")
	}
	for path, e := range listed {
		if named[path] != e.SHA256 {
			return fmt.Errorf("what was signed is another %s", foreign(path))
		}
	}
	if len(named) != len(listed)+1 {
		return errors.New("what was signed names files that the manifest does not list")
	}
	return nil
}

// lookAtReport sees that the log, the statements and the report tell the same.
func (r *Result) lookAtReport(c *content, result *TestResult) {
	head, lines, err := checkLog(c.data[EventsFile])
	switch {
	case err != nil:
		r.LogProblem = err.Error()
	case r.Facts == nil:
		r.LogProblem = "nothing says how it ends"
	case lines < r.Facts.EventLog.Lines:
		r.LogProblem = fmt.Sprintf("it has %d lines of %d: the last ones were cut off", lines, r.Facts.EventLog.Lines)
	case head != r.Facts.EventLog.Head || lines != r.Facts.EventLog.Lines:
		r.LogProblem = "it does not end as was signed: the last line was changed, or some were added"
	}
	r.lookAtVerdict(c.data[ReportFile], result, head)
}

// lookAtVerdict sees that report.json says what the statements do.
func (r *Result) lookAtVerdict(raw []byte, result *TestResult, head string) {
	var report reports.Report
	if err := json.Unmarshal(raw, &report); err != nil {
		r.Contradiction = ReportFile + " cannot be read"
		return
	}
	if _, own, _, err := EventLog(raw); err == nil && own != head && r.LogProblem == "" {
		r.LogProblem = "it is not the log of " + ReportFile
	}
	f := r.Facts
	if f == nil || result == nil {
		return
	}
	switch {
	case f.Verdict != report.Verdict.Word:
		r.Contradiction = fmt.Sprintf("the statement says %s and %s says %s", foreign(string(f.Verdict)), ReportFile, foreign(string(report.Verdict.Word)))
	case result.Result != resultOf(f.Verdict):
		r.Contradiction = fmt.Sprintf("one statement says %s and the other %s", foreign(result.Result), foreign(string(f.Verdict)))
	case !sameJSON(*f, factsOf(&report, f.Suite, f.Bundler, f.EventLog)):
		r.Contradiction = "the statement and " + ReportFile + " are of different runs"
	}
}

// sameJSON compares facts as they are written: a time that was read may differ in its zone alone.
func sameJSON(a, b Facts) bool {
	one, err := json.Marshal(a)
	other, failed := json.Marshal(b)
	return err == nil && failed == nil && bytes.Equal(one, other)
}
