package saved

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/scimproof/scimproof/reports"
)

// WriteRun writes run.json. It stands in one line: it is for programs, and may be large.
func WriteRun(w io.Writer, rec reports.Record) error {
	all := rec.Exchanges
	if len(all) > 0 {
		rec.Exchanges = []reports.Exchange{standIn}
	}
	f := form{w: w, whole: json.Marshal, one: json.Marshal, between: ","}
	if err := f.write(run{Schema: runForm + RunVersion, Record: rec}, all); err != nil {
		return fmt.Errorf("writing a run as JSON: %w", err)
	}
	return nil
}

// WriteReport writes report.json.
func WriteReport(w io.Writer, r *reports.Report) error {
	shell := *r
	if len(r.Exchanges) > 0 {
		shell.Exchanges = []reports.Exchange{standIn}
	}
	f := form{w: w, whole: indented(""), one: indented("    "), between: ",\n    "}
	if err := f.write(shell, r.Exchanges); err != nil {
		return fmt.Errorf("writing a report as JSON: %w", err)
	}
	return nil
}

// standIn keeps the place of the exchanges, which are most of a file and are written one by one:
// as one text they would be held several times over.
var standIn = reports.Exchange{ID: "all exchanges go here"}

// form is how a file is written.
type form struct {
	w          io.Writer
	whole, one func(any) ([]byte, error) // the document, and an exchange in its place
	between    string                    // two exchanges
}

// indented encodes a value that stands as deep as the prefix.
func indented(prefix string) func(any) ([]byte, error) {
	return func(v any) ([]byte, error) { return json.MarshalIndent(v, prefix, "  ") }
}

// write writes a document in which the stand-in, if any, is where the exchanges go.
func (f form) write(shell any, exchanges []reports.Exchange) error {
	text, err := f.whole(shell)
	if err != nil {
		return err
	}
	if len(exchanges) > 0 {
		place, err := f.one(standIn)
		if err != nil {
			return err
		}
		before, after, _ := bytes.Cut(text, place)
		if _, err := f.w.Write(before); err != nil {
			return err
		}
		if err := f.list(exchanges); err != nil {
			return err
		}
		text = after
	}
	_, err = f.w.Write(append(text, '\n'))
	return err
}

func (f form) list(exchanges []reports.Exchange) error {
	for i, e := range exchanges {
		text, err := f.one(e)
		if err != nil {
			return err
		}
		if i > 0 {
			text = append([]byte(f.between), text...)
		}
		if _, err := f.w.Write(text); err != nil {
			return err
		}
	}
	return nil
}
