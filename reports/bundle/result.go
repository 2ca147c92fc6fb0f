package bundle

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/scimproof/scimproof/reports"
)

// Result is what a look at a bundle showed.
type Result struct {
	// Unreadable says why nothing else is known; empty if the bundle could be read.
	Unreadable string
	// KeyID is of the key that signed; without a key to check it with, the one that is named.
	KeyID string
	// Signing says what is wrong with the statements.
	Signing []string
	Files   int // that the manifest lists
	// FileProblems are files that are missing, changed or not listed.
	FileProblems []string
	LogProblem   string // empty for a whole event log
	// Contradiction is set where the statements and the report do not tell the same.
	Contradiction string
	// Facts are what was signed; nil if it cannot be read. Without a valid signature it is hearsay.
	Facts *Facts

	askedKey   bool
	askedNonce string
}

// OK reports that all that was asked for holds. Who has given no key has not asked who signed.
func (r Result) OK() bool {
	return r.whole() && (r.askedNonce == "" || r.nonceMatches())
}

// whole reports a bundle whose parts fit each other.
func (r Result) whole() bool {
	return r.Unreadable == "" && r.Facts != nil && len(r.Signing) == 0 && len(r.FileProblems) == 0 && r.LogProblem == "" && r.Contradiction == ""
}

func (r Result) nonceMatches() bool {
	return r.askedNonce != "" && r.Facts != nil && r.Facts.Nonce == r.askedNonce
}

// Signature is what the gate has to know; nil stands for no look at all and is never returned.
// Only a bundle that a known key has signed, and that is as it was signed, is valid; the nonce of
// any other matches nothing.
func Signature(r Result) *reports.Signature {
	valid := r.askedKey && r.whole()
	return &reports.Signature{Valid: valid, NonceMatches: valid && r.nonceMatches(), KeyID: cleanID(r.KeyID)}
}

// Line says in one line what holds and what does not.
func (r Result) Line() string {
	if r.Unreadable != "" {
		return clean("not a bundle that can be read: " + r.Unreadable)
	}
	parts := []string{r.signer(), r.files(), r.nonce(), "event log: " + orWord(r.LogProblem, "whole")}
	if r.Contradiction != "" {
		parts = append(parts, "contradiction: "+r.Contradiction)
	}
	return clean(strings.Join(append(parts, r.verdict(), r.origin()), "; "))
}

// clean leaves nothing in a line that a terminal would act on, whoever put it there.
func clean(line string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, line)
}

func (r Result) signer() string {
	by := "signed by " + orWord(cleanID(r.KeyID), "nobody")
	switch {
	case len(r.Signing) > 0:
		return by + ": not valid (" + strings.Join(r.Signing, "; ") + ")"
	case !r.askedKey:
		return by + ": not checked, the signer is not known (give --key)"
	}
	return by + ": valid"
}

// maxNamed is how many files a line names.
const maxNamed = 3

func (r Result) files() string {
	if n := len(r.FileProblems); n > 0 {
		named := strings.Join(r.FileProblems[:min(n, maxNamed)], ", ")
		if n > maxNamed {
			named += fmt.Sprintf(" and %d more", n-maxNamed)
		}
		return "files: not as listed (" + named + ")"
	}
	if r.Files == 1 {
		return "1 file as listed"
	}
	return fmt.Sprintf("%d files as listed", r.Files)
}

func (r Result) nonce() string {
	have := ""
	if r.Facts != nil {
		have = foreign(r.Facts.Nonce)
	}
	switch {
	case r.nonceMatches():
		return "nonce: matches"
	case r.askedNonce != "" && have == "":
		return "nonce: none, where " + foreign(r.askedNonce) + " was asked for"
	case r.askedNonce != "":
		return "nonce: does not match, it is " + have
	case have != "":
		return "nonce: " + have + " (not asked for)"
	}
	return "nonce: none"
}

func (r Result) verdict() string {
	if r.Facts == nil {
		return "verdict: not known"
	}
	return fmt.Sprintf("verdict: %s (%s)", orWord(foreign(string(r.Facts.Verdict)), "none"), orWord(foreign(string(r.Facts.Rule)), "no rule"))
}

// origin says who ran it against what, and when.
func (r Result) origin() string {
	if r.Facts == nil {
		return "run: not known"
	}
	by := "an operator who is not named"
	if o := r.Facts.Operator; o.Kind != "" {
		by = foreign(string(o.Kind))
		if o.Name != "" {
			by += " " + foreign(o.Name)
		}
	}
	of := foreign(r.Facts.Target.ID)
	for _, word := range []string{r.Facts.Target.Version, r.Facts.Target.Environment} {
		if word != "" {
			of += " " + foreign(word)
		}
	}
	return fmt.Sprintf("run by %s on %s against %s", by, r.Facts.Started.UTC().Format(time.DateOnly), orWord(of, "a target that is not named"))
}

// cleanID shows a key id, which is hexadecimal; anything else is somebody's text.
func cleanID(s string) string {
	if isDigest(s) || s == "" {
		return s
	}
	return "a key named " + foreign(s)
}

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
