package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/agext/levenshtein"
)

// Fault is one thing that is wrong with a file.
type Fault struct {
	File         string
	Line, Column int    // from 1; 0 when the file could not be read
	Key          string // such as exceptions[2].expires
	Problem      string
	Hint         string // what to do about it; may be empty
}

// Error gives file:line:column, the key, the problem and the hint, in one line.
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	if f.Key != "" {
		b.WriteString(": " + f.Key)
	}
	b.WriteString(": " + f.Problem)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return printable(b.String())
}

// printable keeps what a file says from steering the terminal that shows it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
}

// Faults is everything that is wrong with a file, in the order of the file.
type Faults []Fault

// mostShown is how many faults a message shows.
const mostShown = 50

// Error gives one line for each fault, up to a number that a person still reads.
func (f Faults) Error() string {
	var lines []string
	for _, fault := range f[:min(len(f), mostShown)] {
		lines = append(lines, fault.Error())
	}
	if more := len(f) - mostShown; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more of such faults", printable(f[0].File), more))
	}
	return strings.Join(lines, "\n")
}

// List collects the faults of a file while it is read.
type List struct {
	Source *Source
	list   Faults
}

// Add notes a fault at a place, given as the path of keys to it.
func (l *List) Add(at Path, problem, hint string) {
	line, column := l.Source.Position(at)
	l.list = append(l.list, Fault{File: l.Source.file, Line: line, Column: column, Key: at.String(), Problem: problem, Hint: hint})
}

// Has reports whether a fault was noted at the very place.
func (l *List) Has(at Path) bool {
	return slices.ContainsFunc(l.list, func(noted Fault) bool { return noted.Key == at.String() })
}

// Len is how many faults were noted.
func (l *List) Len() int { return len(l.list) }

// Err returns the faults in the order of the file, or nil.
func (l *List) Err() error {
	if len(l.list) == 0 {
		return nil
	}
	slices.SortStableFunc(l.list, func(a, b Fault) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return l.list
}

// Path is a place in the document: keys and list indexes.
type Path []string

// Child is a place within this one.
func (p Path) Child(keys ...string) Path { return append(slices.Clone(p), keys...) }

// String joins the keys with dots; indexes stand in brackets.
func (p Path) String() string {
	var b strings.Builder
	for i, key := range p {
		switch {
		case key != "" && strings.Trim(key, "0123456789") == "":
			b.WriteString("[" + key + "]")
		case i > 0:
			b.WriteString("." + key)
		default:
			b.WriteString(key)
		}
	}
	return b.String()
}

// DidYouMean suggests the known word that is most like a mistyped one, or lists the known ones
// when none is near.
func DidYouMean(word string, known []string) string {
	best, distance := "", max(2, len(word)/3)+1
	known = slices.Sorted(slices.Values(known))
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(word), strings.ToLower(k), nil); d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known here: " + strings.Join(known, ", ")
}
