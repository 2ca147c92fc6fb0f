package redact

import (
	"io"
	"maps"
	"slices"
)

// leakPiece is how much is looked at in one go, in bytes.
const leakPiece = 1 << 20

// Scanner passes on what is clean, and nothing any more once a secret has come. It holds a small
// part of what is written, however much that is.
type Scanner struct {
	vault *Vault
	to    io.Writer
	kept  []byte // not yet passed on
	found map[string]bool
}

// Scan returns a Scanner before a writer. No secret may be learnt until it is flushed.
func (v *Vault) Scan(to io.Writer) *Scanner {
	return &Scanner{vault: v, to: to, found: map[string]bool{}}
}

// Write takes all of p; the error is the writer's.
func (s *Scanner) Write(p []byte) (int, error) {
	for piece := range slices.Chunk(p, leakPiece) {
		s.kept = append(s.kept, piece...)
		if len(s.kept) < leakPiece {
			continue
		}
		// What stands across two pieces is looked at with the second as well: as much is kept as
		// any secret takes, however it is escaped.
		if across := s.vault.longestLeak(); len(s.kept) >= leakPiece+across {
			if err := s.pass(len(s.kept) - across); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// Flush passes on what is left and returns the tags of the secrets that came; nil means clean.
// The error is the writer's.
func (s *Scanner) Flush() ([]string, error) {
	err := s.pass(len(s.kept))
	return slices.Sorted(maps.Keys(s.found)), err
}

// pass looks at all that is kept, and passes on its first n bytes.
func (s *Scanner) pass(n int) error {
	for _, tag := range s.vault.leaksIn(s.kept) {
		s.found[tag] = true
	}
	if len(s.found) == 0 {
		if _, err := s.to.Write(s.kept[:n]); err != nil {
			return err
		}
	}
	s.kept = append(s.kept[:0], s.kept[n:]...)
	return nil
}
