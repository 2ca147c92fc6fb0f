package bundle

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/scimproof/scimproof/reports"
)

// small keeps a round of the fuzzer short.
var small = limits{files: 20, file: 1 << 20, kept: 1 << 20, total: 1 << 22}

// tinyReport makes a round short, too.
func tinyReport() *reports.Report {
	r := testReport()
	r.Checks, r.Observations, r.Exchanges = r.Checks[:2], r.Observations[:1], r.Exchanges[:1]
	r.Events, r.Gaps, r.Contradictions, r.Capabilities, r.Exceptions = nil, nil, nil, nil, nil
	return r
}

func FuzzReadZip(f *testing.F) {
	raw, err := os.ReadFile(archive(f, folder(f, tinyReport())))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := readZip(bytes.NewReader(data), int64(len(data)), small)
		r := verify(c, err, asked())
		checkResult(t, r, bytes.Equal(data, raw))
	})
}

// FuzzVerify changes one of the files that Verify reads.
func FuzzVerify(f *testing.F) {
	whole, err := readFolder(folder(f, tinyReport()), nil, usual)
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range wanted {
		if name != ReportFile { // large, and its reader is that of encoding/json
			f.Add(i, whole.data[name])
		}
		f.Add(i, []byte(`{}`))
		f.Add(i, []byte(`null`))
	}
	f.Add(2, []byte("{\"n\":0,\"previous\":\"\x1b\"}\n"))
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		if i < 0 || i >= len(wanted) {
			return
		}
		name := wanted[i]
		c := &content{entries: slices.Clone(whole.entries), data: map[string][]byte{}}
		for key, value := range whole.data {
			c.data[key] = value
		}
		c.data[name] = data
		for j := range c.entries {
			if c.entries[j].Path == name {
				c.entries[j] = entryOf(File{name, data})
			}
		}
		// White space in an envelope is nobody's statement; all else has to show.
		same := bytes.Equal(data, whole.data[name])
		r := verify(c, nil, asked())
		if r.OK() && !same && name != StatementFile && name != FactsEnvelopeFile {
			t.Fatalf("another %s holds, too: %s", name, r.Line())
		}
		checkResult(t, r, same)
	})
}

func checkResult(t *testing.T, r Result, whole bool) {
	t.Helper()
	line := r.Line()
	if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Fatalf("the line holds what a terminal acts on: %q", line)
	}
	if whole && !r.OK() {
		t.Fatal(line)
	}
	if s := Signature(r); s.Valid && r.Facts == nil {
		t.Fatal("valid without facts")
	}
}
