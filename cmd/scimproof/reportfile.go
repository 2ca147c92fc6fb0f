package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
)

// reportFile is a report.json with what stands in it.
type reportFile struct {
	path   string
	report *reports.Report
	digest string // SHA-256 of the file's bytes, in hex
}

// readReport reads a report.json. Keys that this version does not know are passed over; to
// rewrite a file, use readReportWhole.
func readReport(path string) (*reportFile, error) { return openReport(path, false) }

// readReportWhole reads a report.json that is to be written again: a key that is not known would
// be lost, and is refused.
func readReportWhole(path string) (*reportFile, error) { return openReport(path, true) }

func openReport(path string, whole bool) (*reportFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading a report: %w", err)}
	}
	r := &reports.Report{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if whole {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(r); err != nil {
		return nil, usageError{fmt.Errorf("%s%s: this is no report.json that can be read: %w", path, lineOf(data, err), err)}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, usageError{fmt.Errorf("%s: there is more after the report; give the report.json of one run", path)}
	}
	known := "urn:scimproof:schema:report:" + reports.SchemaVersion
	switch {
	case r.Schema != known:
		return nil, usageError{fmt.Errorf("%s: schema is %q, and this version reads %q; give the report.json of a run, or use the version that wrote it", path, r.Schema, known)}
	case r.Target.ID == "" || r.Run.ID == "":
		return nil, usageError{fmt.Errorf("%s: run.id or target.id is missing; give the report.json of a run", path)}
	}
	sum := sha256.Sum256(data)
	return &reportFile{path: path, report: r, digest: hex.EncodeToString(sum[:])}, nil
}

// lineOf is the place of a mistake in a file, as ":12" for line 12; empty where it is not known.
func lineOf(data []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(0)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at <= 0 || at > int64(len(data)) {
		return ""
	}
	return fmt.Sprintf(":%d", 1+bytes.Count(data[:at], []byte("\n")))
}

// write writes the report in its file's place.
func (f *reportFile) write() error {
	data, err := json.MarshalIndent(f.report, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(f.path, append(data, '\n'))
}

// writeFile writes a file to a temporary one first, so that a reader never sees half of it.
func writeFile(path string, data []byte) error {
	return output.Write(filepath.Dir(path), redact.New(), output.File{Name: filepath.Base(path), Data: data})
}
