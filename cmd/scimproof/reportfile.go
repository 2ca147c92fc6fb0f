package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/saved"
)

// reportFile is a report.json with what stands in it.
type reportFile struct {
	path   string
	report *reports.Report
	digest string // SHA-256 of the file's bytes, in hex
}

// readReport reads a report.json.
func readReport(path string) (*reportFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError{fmt.Errorf("reading a report: %w", err)}
	}
	report, err := saved.DecodeReport(path, data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	return &reportFile{path: path, report: report, digest: hex.EncodeToString(sum[:])}, nil
}

// write writes the report in its file's place.
func (f *reportFile) write() error {
	return output.Write(filepath.Dir(f.path), redact.New(), output.File{
		Name: filepath.Base(f.path),
		Make: func(w io.Writer) (bool, error) { return true, saved.WriteReport(w, f.report) },
	})
}

// writeFile writes a file to a temporary one first, so that a reader never sees half of it.
func writeFile(path string, data []byte) error {
	return output.Write(filepath.Dir(path), redact.New(), output.File{Name: filepath.Base(path), Data: data})
}
