// Package saved writes a run and its report as JSON, and reads them again: run.json is what was
// seen, report.json is what that comes to. What is read may come from anybody.
package saved

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/scimproof/scimproof/reports"
)

// RunVersion is the version of run.json. The major part changes when a reader of the older form
// would be misled.
const RunVersion = "1.0"

const (
	runForm    = "urn:scimproof:schema:run:"
	reportForm = "urn:scimproof:schema:report:"
	maxBytes   = 1 << 30
)

// FileError says what is wrong with a run.json or a report.json, and what to do about it.
type FileError struct {
	File    string
	Problem string
	Hint    string // may be empty
}

// Error is one sentence with the file.
func (e *FileError) Error() string {
	text := e.File + ": " + e.Problem
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return strings.Map(printable, text)
}

// printable keeps a file from steering the terminal that shows what is wrong with it.
func printable(r rune) rune {
	if !strconv.IsPrint(r) {
		return utf8.RuneError
	}
	return r
}

// run is a record with the name of its form before it.
type run struct {
	Schema string `json:"schema"`
	reports.Record
}

// LoadRun reads a run.json. The error is a *FileError.
func LoadRun(file string) (*reports.Record, error) {
	text, err := load(file)
	if err != nil {
		return nil, err
	}
	return DecodeRun(file, text)
}

// DecodeRun reads the text of a run.json; name stands for the file in errors. The error is a
// *FileError.
func DecodeRun(name string, text []byte) (*reports.Record, error) {
	if err := checkForm(name, text, runForm, RunVersion, "a run", "run.json"); err != nil {
		return nil, err
	}
	var r run
	if err := strict(text, &r); err != nil {
		return nil, &FileError{name, "this is not a whole run: " + told(err, text), "run again, or take the file as scimproof run has written it"}
	}
	return &r.Record, nil
}

// LoadReport reads a report.json. The error is a *FileError.
func LoadReport(file string) (*reports.Report, error) {
	text, err := load(file)
	if err != nil {
		return nil, err
	}
	return DecodeReport(file, text)
}

// DecodeReport reads the text of a report.json; name stands for the file in errors. It takes what
// its schema takes, and nothing else: a word that nobody knows would be a gap that nobody counts.
// The error is a *FileError.
func DecodeReport(name string, text []byte) (*reports.Report, error) {
	if err := checkForm(name, text, reportForm, reports.SchemaVersion, "a report", "report.json"); err != nil {
		return nil, err
	}
	again := "make it anew from its run.json with scimproof judge"
	var r reports.Report
	if err := strict(text, &r); err != nil {
		return nil, &FileError{name, "this is not a whole report: " + told(err, text), again}
	}
	if where := unlikeSchema(text); where != "" {
		return nil, &FileError{name, "this is not a report as this version of scimproof writes it: " + where, again}
	}
	return &r, nil
}

func load(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, &FileError{file, "it cannot be read: " + reason(err), "name an existing file"}
	case info.IsDir():
		return nil, &FileError{file, "this is a folder", "name the file in it"}
	case info.Size() > maxBytes:
		return nil, &FileError{file, fmt.Sprintf("it has %d bytes, and at most %d are read", info.Size(), maxBytes), ""}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &FileError{file, "it cannot be read: " + reason(err), ""}
	}
	return text, nil
}

// reason leaves out the path, which the message has already.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// checkForm finds out whether a text is JSON of the form that is asked for, in a version that this
// program knows. is says what it has to be, usual under which name it stands in a run's folder.
func checkForm(name string, text []byte, form, version, is, usual string) error {
	theirs, err := schemaOf(text)
	if err != nil {
		return &FileError{name, "this is not the JSON of " + is + ": " + told(err, text), "take the file as scimproof has written it"}
	}
	number, ok := strings.CutPrefix(theirs, form)
	switch {
	case !ok && strings.HasPrefix(theirs, "urn:scimproof:schema:"):
		return &FileError{name, "this is " + shortened(theirs) + ", and not " + is, "name the " + usual + " that stands beside it"}
	case !ok:
		return &FileError{name, "this is not " + is + " of scimproof: its schema is " + strconv.Quote(shortened(theirs)), "that of " + is + " is " + form + version}
	case number != version:
		return &FileError{name, fmt.Sprintf("it has version %s of its form, and this scimproof reads version %s", shortened(number), version),
			"read it with the scimproof that wrote it, or make it anew with this one"}
	}
	return nil
}

// schemaOf is what a document says of its own form. It stands at the beginning, so that little has
// to be read of a large file.
func schemaOf(text []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	first, err := decoder.Token()
	if err != nil {
		return "", err
	}
	if first != json.Delim('{') {
		return "", errors.New("it is no object")
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return "", err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return "", err
		}
		if key == "schema" {
			var is string
			err := json.Unmarshal(value, &is)
			return is, err
		}
	}
	_, err = decoder.Token()
	return "", err
}

// strict reads exactly one document without keys that nobody knows.
func strict(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after its end")
	}
	return nil
}

// told says where in a text a fault of JSON is.
func told(err error, text []byte) string {
	var (
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
	)
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return "it is empty"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends in the middle"
	case errors.As(err, &syntax):
		return "line " + lineOf(text, syntax.Offset) + ": " + syntax.Error()
	case errors.As(err, &kind):
		return "line " + lineOf(text, kind.Offset) + ": " + kind.Field + " is a " + kind.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func lineOf(text []byte, offset int64) string {
	before := text[:max(0, min(int64(len(text)), offset))]
	return strconv.Itoa(1 + bytes.Count(before, []byte("\n")))
}

func shortened(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
