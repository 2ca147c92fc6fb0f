// Package bundle turns a report folder into something that can be handed over: a manifest of its
// files, a hash-chained log of its checks, and two signed statements. Verify looks at such a
// bundle offline. A signature says who made it and that it is unaltered. It does not say that it
// is true: for that there is the buyer's nonce, which the application's own log shows.
package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The files of a bundle, beside those of the report.
const (
	ReportFile        = "report.json"
	ManifestFile      = "manifest.json"
	EventsFile        = "events.jsonl"
	PredicateFile     = "predicate.json"      // of the test result, bare, for other signers
	FactsFile         = "facts.json"          // our own predicate, bare
	StatementFile     = "statement.dsse.json" // the signed test result
	FactsEnvelopeFile = "facts.dsse.json"     // our own predicate, signed
)

// unlisted are the files that the manifest cannot list: itself, and what is signed over it.
func unlisted(name string) bool {
	return name == ManifestFile || name == StatementFile || name == FactsEnvelopeFile
}

// File is one file of a bundle.
type File struct {
	Name string
	Data []byte
}

// digest is the SHA-256 of data in hex.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// isDigest reports a SHA-256 in hex, as digest writes it.
func isDigest(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && s == strings.ToLower(s)
}

// simple are the texts that can be mistaken for nothing else in a line.
var simple = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/@-]*$`)

// foreign shows somebody's text within a sentence of ours: in quotation marks unless it is a
// plain word, so that nobody writes the rest of the sentence.
func foreign(s string) string {
	if s = shown(s); s == "" || simple.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// maxShown is how much of a foreign text is shown, in characters.
const maxShown = 120

// shown makes a foreign text fit for a line on a terminal.
func shown(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxShown {
			b.WriteRune('…')
			break
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			r = '�'
		}
		b.WriteRune(r)
	}
	return b.String()
}
