package redact

import (
	"cmp"
	"slices"
	"strings"
)

// finder looks for many texts in one go. strings.Replacer would do, but it keeps a table for
// each letter that several secrets share, which comes to half the memory of a whole run.
type finder struct {
	pairs []pair                   // by their heads, and within one head in order
	heads map[[MinLength]byte]span // where each head's pairs are
	begin [1 << 16]bool            // the first two bytes of any head: most places end here
}

// span is a part of finder.pairs, from included, to not.
type span struct{ from, to int }

// newFinder takes pairs in order, each form of at least MinLength bytes. It keeps none of them.
func newFinder(pairs []pair) *finder {
	f := &finder{pairs: slices.Clone(pairs), heads: map[[MinLength]byte]span{}}
	slices.SortStableFunc(f.pairs, func(a, b pair) int {
		return cmp.Compare(a.form[:MinLength], b.form[:MinLength])
	})
	for i, p := range f.pairs {
		head := [MinLength]byte([]byte(p.form[:MinLength]))
		where, known := f.heads[head]
		if !known {
			where.from = i
		}
		where.to = i + 1
		f.heads[head] = where
		f.begin[two(p.form)] = true
	}
	return f
}

// two gives the first two bytes of s as a number.
func two(s string) int { return int(s[0])<<8 | int(s[1]) }

// at returns the longest pair whose form s begins with.
func (f *finder) at(s string) (pair, bool) {
	if len(s) < MinLength || !f.begin[two(s)] {
		return pair{}, false
	}
	where := f.heads[[MinLength]byte([]byte(s[:MinLength]))]
	for _, p := range f.pairs[where.from:where.to] {
		if strings.HasPrefix(s, p.form) {
			return p, true
		}
	}
	return pair{}, false
}

// replace returns s with each form replaced by its tag, from left to right, the longest first.
func (f *finder) replace(s string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); i++ {
		p, found := f.at(s[i:])
		if !found {
			continue
		}
		out.WriteString(s[kept:i])
		out.WriteString(p.tag)
		kept = i + len(p.form)
		i = kept - 1
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// within says whether any form is in s.
func (f *finder) within(s string) bool {
	for i := range len(s) {
		if _, found := f.at(s[i:]); found {
			return true
		}
	}
	return false
}
