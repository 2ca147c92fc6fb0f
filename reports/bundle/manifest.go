package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Manifest lists every file of a bundle but itself and the envelopes, in the order of paths.
type Manifest struct {
	Schema string  `json:"schema"`
	Files  []Entry `json:"files"`
}

// Entry is a file in the manifest.
type Entry struct {
	Path   string `json:"path"` // relative, with slashes
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

const manifestSchema = "urn:scimproof:schema:manifest:1.0"

func newManifest(entries []Entry) Manifest {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return Manifest{Schema: manifestSchema, Files: entries}
}

func entryOf(f File) Entry {
	return Entry{Path: f.Name, SHA256: digest(f.Data), Bytes: int64(len(f.Data))}
}

// readManifest refuses a manifest that lists a file twice, or one that it cannot list.
func readManifest(raw []byte) (map[string]Entry, error) {
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestFile, err)
	}
	if m.Schema != manifestSchema {
		return nil, fmt.Errorf("%s: schema is %q, not %s: take the scimproof that made the bundle, or a later one", ManifestFile, shown(m.Schema), manifestSchema)
	}
	out := make(map[string]Entry, len(m.Files))
	for i, e := range m.Files {
		_, twice := out[e.Path]
		switch {
		case twice:
			return nil, fmt.Errorf("%s: files[%d]: %q is listed twice", ManifestFile, i, shown(e.Path))
		case unlisted(e.Path):
			return nil, fmt.Errorf("%s: files[%d]: %q cannot be listed", ManifestFile, i, shown(e.Path))
		case !isDigest(e.SHA256):
			return nil, fmt.Errorf("%s: files[%d]: sha256 is not a SHA-256 in hex", ManifestFile, i)
		}
		out[e.Path] = e
	}
	return out, nil
}

// compare says which files are not as listed, in the order of paths.
func compare(listed map[string]Entry, found []Entry) []string {
	var problems []string
	there := map[string]bool{}
	for _, f := range found {
		there[f.Path] = true
		want, known := listed[f.Path]
		switch {
		case unlisted(f.Path):
		case !known:
			problems = append(problems, foreign(f.Path)+" is not listed")
		case want.SHA256 != f.SHA256 || want.Bytes != f.Bytes:
			problems = append(problems, foreign(f.Path)+" was changed")
		}
	}
	for path := range listed {
		if !there[path] {
			problems = append(problems, foreign(path)+" is missing")
		}
	}
	slices.Sort(problems)
	return problems
}

// errTooLarge is the error for what nobody's report needs.
var errTooLarge = errors.New("too large")

// measure reads a file to its end, at most limit bytes of it, and keeps what it read if keep
// says so.
func measure(path string, r io.Reader, limit int64, keep bool) (Entry, []byte, error) {
	hash := sha256.New()
	var data []byte
	buffer := make([]byte, 64<<10)
	e := Entry{Path: path}
	for {
		n, err := r.Read(buffer)
		e.Bytes += int64(n)
		if e.Bytes > limit {
			return e, nil, fmt.Errorf("%s holds more than %d bytes: %w", foreign(path), limit, errTooLarge)
		}
		hash.Write(buffer[:n])
		if keep {
			data = append(data, buffer[:n]...)
		}
		if errors.Is(err, io.EOF) {
			e.SHA256 = hex.EncodeToString(hash.Sum(nil))
			return e, data, nil
		}
		if err != nil {
			return e, nil, fmt.Errorf("reading %s: %w", foreign(path), err)
		}
	}
}
