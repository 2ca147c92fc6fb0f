package bundle

import (
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/scimproof/scimproof/reports"
)

// MakeOptions says who signs, and with what.
type MakeOptions struct {
	Key crypto.Signer // ed25519
	// Bundler is this program.
	Bundler reports.Tool
	// Nonce, if given, has to be the run's.
	Nonce string
}

// Make returns the files that make a bundle of a report folder, which holds report.json: the
// event log, the manifest, the bare predicates, and the signed statements. It writes nothing.
// What an earlier Make has written there is made anew. The same folder and key give the same
// bytes.
func Make(dir string, o MakeOptions) ([]File, error) {
	c, err := readFolder(dir, made, usual)
	if err != nil {
		return nil, err
	}
	if err := c.refuseStrangers(dir); err != nil {
		return nil, err
	}
	raw, there := c.data[ReportFile]
	if !there {
		return nil, fmt.Errorf("%s holds no %s: give the --out folder of scimproof run", dir, ReportFile)
	}
	var report reports.Report
	if err := json.Unmarshal(raw, &report); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ReportFile), err)
	}
	if o.Nonce != "" && o.Nonce != report.Run.Nonce {
		return nil, &NonceError{Want: o.Nonce, Have: report.Run.Nonce}
	}
	log, head, lines, err := EventLog(raw)
	if err != nil {
		return nil, err
	}
	result, err := testResult(&report)
	if err != nil {
		return nil, err
	}
	suite, err := suiteDigest(report.Checks)
	if err != nil {
		return nil, err
	}
	return sign(c.entries, o.Key, log, result, factsOf(&report, suite, o.Bundler, EventRef{head, lines}))
}

// NonceError says that the run was made without the nonce, or with another.
type NonceError struct{ Want, Have string }

// Error says what to do.
func (e *NonceError) Error() string {
	if e.Have == "" {
		return fmt.Sprintf("the run carries no nonce: run again with --nonce %s, so that a test user of the application carries it, too", shown(e.Want))
	}
	return fmt.Sprintf("the run carries the nonce %q, not %q: run again with the one that was asked for", shown(e.Have), shown(e.Want))
}

// sign makes the files of the bundle over those of the report.
func sign(entries []Entry, key crypto.Signer, log []byte, result TestResult, facts Facts) ([]File, error) {
	predicate, err := encode(result)
	if err != nil {
		return nil, err
	}
	ours, err := encode(facts)
	if err != nil {
		return nil, err
	}
	files := []File{{EventsFile, log}, {PredicateFile, predicate}, {FactsFile, ours}}
	for _, f := range files {
		entries = append(entries, entryOf(f))
	}
	manifest := newManifest(entries)
	list, err := encode(manifest)
	if err != nil {
		return nil, err
	}
	files = append(files, File{ManifestFile, list})
	subjects := []Resource{resource(ManifestFile, digest(list))}
	for _, e := range manifest.Files {
		subjects = append(subjects, resource(e.Path, e.SHA256))
	}
	for _, s := range []struct{ file, kind, predicate string }{
		{StatementFile, testResultType, string(predicate)}, {FactsEnvelopeFile, FactsType, string(ours)},
	} {
		payload, err := json.Marshal(Statement{Type: statementType, Subject: subjects, PredicateType: s.kind, Predicate: json.RawMessage(s.predicate)})
		if err != nil {
			return nil, fmt.Errorf("encoding the statement: %w", err)
		}
		envelope, err := seal(payload, key)
		if err != nil {
			return nil, err
		}
		files = append(files, File{s.file, envelope})
	}
	return files, nil
}

// made reports what Make makes.
func made(name string) bool {
	return unlisted(name) || name == EventsFile || name == PredicateFile || name == FactsFile
}

// refuseStrangers keeps out of a bundle what has no business in it: it is handed to others.
func (c *content) refuseStrangers(dir string) error {
	for _, e := range c.entries {
		where := filepath.Join(dir, filepath.FromSlash(e.Path))
		if strings.Contains("/"+e.Path, "/.") {
			return fmt.Errorf("%s is a hidden file: remove it, as all that is in the folder goes into the bundle", where)
		}
		secret, err := holdsKey(where, e.Bytes)
		if err != nil {
			return err
		}
		if secret {
			return fmt.Errorf("%s holds a private key: keep it elsewhere, as all that is in the folder goes into the bundle", where)
		}
	}
	return nil
}

// maxKeyFile is the size in bytes up to which a file may be somebody's key.
const maxKeyFile = 64 << 10

// privateKey finds the forms in which keys are kept: PEM, and those of age.
var privateKey = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|AGE-SECRET-KEY-`)

func holdsKey(file string, size int64) (bool, error) {
	if size > maxKeyFile {
		return false, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return privateKey.Match(data), err
}
