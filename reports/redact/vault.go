// Package redact keeps secrets out of everything that is written. A secret is
// learnt at the moment it becomes known, is replaced by a tag wherever it turns
// up, and is looked for once more in each output before that output is kept.
package redact

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// MinLength is the shortest value, in bytes, that is treated as a secret. A
// shorter one would turn up in innocent text, and could be guessed from its tag.
const MinLength = 6

// Vault knows the secrets of one run. Its zero value is not usable; call New.
// All methods are safe for concurrent use.
type Vault struct {
	mu      sync.Mutex
	key     [32]byte
	secrets map[string]string // value → tag
	perKind map[string]int
	pairs   []pair  // sorted by order; replaced, never altered
	fresh   []pair  // learnt since, in no order
	finder  *finder // nil when a secret came in since
	bare    *finder // the same for texts without escapes
}

// pair is one encoded form of a secret and the tag that stands for it.
type pair struct{ form, tag string }

// order puts the longest forms first: where one secret is part of another, the whole
// must go before its part.
func (p pair) order(other pair) int {
	return cmp.Or(cmp.Compare(len(other.form), len(p.form)), cmp.Compare(p.form, other.form))
}

// New returns an empty vault. Its tags are made with a key that exists only in
// memory, so that nobody can later try guesses against them.
func New() *Vault {
	v := &Vault{secrets: map[string]string{}, perKind: map[string]int{}}
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(v.key[:])
	return v
}

// Learn makes value a secret of the given kind, such as "web session". The tag
// that stands for it, ‹web session#2 hmac:1f9a2c›, is the same at each place, so
// a reader can still see that two requests carried the same token.
func (v *Vault) Learn(kind, value string) {
	if len(value) < MinLength {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, known := v.secrets[value]; known {
		return
	}
	v.perKind[kind]++
	mac := hmac.New(sha256.New, v.key[:])
	mac.Write([]byte(value))
	tag := fmt.Sprintf("‹%s#%d hmac:%s›", kind, v.perKind[kind], hex.EncodeToString(mac.Sum(nil)[:3]))
	v.secrets[value], v.finder, v.bare = tag, nil, nil
	for _, form := range forms(value) {
		v.fresh = append(v.fresh, pair{form, tag})
	}
}

// sorted returns all pairs in order. Many secrets are learnt between two texts, so they are
// sorted together, and then merged: those from before are in order. The caller holds the lock.
func (v *Vault) sorted() []pair {
	if len(v.fresh) == 0 {
		return v.pairs
	}
	slices.SortFunc(v.fresh, pair.order)
	merged := make([]pair, 0, len(v.pairs)+len(v.fresh))
	old := v.pairs
	for _, p := range v.fresh {
		i, _ := slices.BinarySearchFunc(old, p, pair.order)
		merged = append(append(merged, old[:i]...), p)
		old = old[i:]
	}
	merged = append(merged, old...)
	v.pairs, v.fresh = merged, nil
	return v.pairs
}

// Count is the number of secrets learnt so far.
func (v *Vault) Count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.secrets)
}

// Text returns s with each secret, in each of its encoded forms, replaced by its
// tag.
func (v *Vault) Text(s string) string {
	v.mu.Lock()
	finder, pairs := v.finder, v.sorted()
	v.mu.Unlock()
	if finder != nil {
		return finder.replace(s)
	}
	for _, p := range pairs {
		s = strings.ReplaceAll(s, p.form, p.tag)
	}
	return s
}

// Settle makes the texts that follow go fast, until the next secret is learnt. It
// is worth its memory for many texts, and not for a few.
func (v *Vault) Settle() { v.built() }

// Leaks returns the tags of the secrets that data still holds, in any encoded form and with any
// escapes that a format may add; nil means clean.
func (v *Vault) Leaks(data []byte) []string {
	scanner := v.Scan(io.Discard) // which never fails
	_, _ = scanner.Write(data)
	tags, _ := scanner.Flush()
	return tags
}

// leaksIn is Leaks for a piece that may be copied several times.
func (v *Vault) leaksIn(piece []byte) []string {
	if len(piece) == 0 {
		return nil
	}
	finder := v.built()
	v.mu.Lock()
	defer v.mu.Unlock()
	text := string(piece)
	plain := loosened(text)
	if !finder.within(text) && !v.loose().within(plain) {
		return nil
	}
	var found []string
	for value, tag := range v.secrets {
		if slices.ContainsFunc(forms(value), func(form string) bool {
			bare := loosened(form)
			return strings.Contains(text, form) || len(bare) >= MinLength && strings.Contains(plain, bare)
		}) {
			found = append(found, tag)
		}
	}
	return found
}

// longestLeak is how many bytes a secret may take, in whatever form and however it is escaped.
func (v *Vault) longestLeak() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	longest := 0
	for _, p := range v.sorted() {
		longest = max(longest, len(p.form))
	}
	return longest * longestEscape
}

// loose finds secrets in texts without escapes. The caller holds the lock.
func (v *Vault) loose() *finder {
	if v.bare != nil {
		return v.bare
	}
	var pairs []pair
	for _, p := range v.sorted() {
		if bare := loosened(p.form); len(bare) >= MinLength {
			pairs = append(pairs, pair{bare, p.tag})
		}
	}
	slices.SortFunc(pairs, pair.order)
	v.bare = newFinder(pairs)
	return v.bare
}

func (v *Vault) built() *finder {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.finder == nil {
		v.finder = newFinder(v.sorted())
	}
	return v.finder
}
