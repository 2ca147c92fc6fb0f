package controls

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Fault is one mistake in a file of a mapping.
type Fault struct {
	File         string
	Line, Column int // 0 where the file as a whole is meant
	Problem      string
	Hint         string // what to do next; may be empty
}

// Error reads "mapping.yaml:12:5: what is wrong; what to do".
func (f *Fault) Error() string {
	where := f.File
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	words := where + ": " + f.Problem
	if f.Hint != "" {
		words += "; " + f.Hint
	}
	return words
}

// text is a value with its place in the file, or a key.
type text struct {
	value        string
	line, column int
}

// UnmarshalYAML takes a value as it is written: 6.2 is an identifier and no number.
func (t *text) UnmarshalYAML(n ast.Node) error {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.AliasNode, *ast.AnchorNode, *ast.TagNode, *ast.NullNode:
		return at(n, "here a text is wanted")
	}
	*t = textOf(n)
	return nil
}

func textOf(n ast.Node) text {
	t := text{value: strings.TrimSpace(n.GetToken().Value)}
	switch n := n.(type) {
	case *ast.StringNode:
		t.value = n.Value
	case *ast.LiteralNode:
		t.value = strings.TrimSpace(n.Value.Value)
	}
	if p := n.GetToken().Position; p != nil {
		t.line, t.column = p.Line, p.Column
	}
	return t
}

// byFramework is a mapping from framework to ids, in the order in which it is written.
type byFramework []entry

type entry struct {
	framework text
	ids       []text
}

// UnmarshalYAML keeps the places of the keys, which a map would lose.
func (b *byFramework) UnmarshalYAML(n ast.Node) error {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return at(n, "here a framework with its list of identifiers is wanted, written out in full")
	}
	for _, pair := range pairs {
		list, ok := pair.Value.(*ast.SequenceNode)
		if !ok {
			return at(pair.Value, "here a list of identifiers is wanted")
		}
		e := entry{framework: textOf(pair.Key)}
		for _, value := range list.Values {
			var id text
			if err := id.UnmarshalYAML(value); err != nil {
				return err
			}
			e.ids = append(e.ids, id)
		}
		*b = append(*b, e)
	}
	return nil
}

// at is an error in the form in which the parser writes its own, so that place finds
// the place of both.
func at(n ast.Node, problem string) error {
	if token := n.GetToken(); token != nil && token.Position != nil {
		return fmt.Errorf("[%d:%d] %s", token.Position.Line, token.Position.Column, problem)
	}
	return fmt.Errorf("[1:1] %s", problem)
}

var placed = regexp.MustCompile(`\[(\d+):(\d+)\]\s*([^\n]*)`)

// fault turns an error of the parser into one that names the file. The quoted source
// is left out.
func fault(file string, err error) *Fault {
	f := &Fault{File: file, Line: 1, Column: 1}
	f.Problem, _, _ = strings.Cut(err.Error(), "\n")
	if m := placed.FindStringSubmatch(err.Error()); m != nil {
		f.Line, _ = strconv.Atoi(m[1])
		f.Column, _ = strconv.Atoi(m[2])
		f.Problem = m[3]
	}
	return f
}
