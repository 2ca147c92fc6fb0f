package target

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxBytes = 1 << 20 // of a profile
	maxNodes = 50_000  // with every alias written out
)

// source is a profile as it was written, to find places in it.
type source struct {
	file string
	root ast.Node
}

// read parses the YAML and returns it as plain maps, lists and values.
func read(file string, text []byte) (*source, any, error) {
	src := &source{file: file}
	fault := func(line, column int, problem, hint string) error {
		return Faults{{File: file, Line: line, Column: column, Problem: problem, Hint: hint}}
	}
	switch {
	case len(text) > maxBytes:
		return nil, nil, fault(0, 0, fmt.Sprintf("the profile has %d bytes; at most %d are read", len(text), maxBytes), "")
	case !utf8.Valid(text):
		return nil, nil, fault(0, 0, "the profile is not UTF-8", "save it as UTF-8")
	case strings.TrimSpace(string(text)) == "":
		return nil, nil, fault(1, 1, "the profile is empty", "")
	}
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		line, column, problem := syntax(err)
		return nil, nil, fault(line, column, "not YAML: "+problem, "")
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return nil, nil, fault(1, 1, "the file must hold exactly one YAML document", "")
	}
	src.root = parsed.Docs[0].Body
	if size(src.root) > maxNodes {
		return nil, nil, fault(1, 1, "the profile is too large once its aliases are written out", "")
	}
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		line, column, problem := syntax(err)
		return nil, nil, fault(line, column, "not YAML: "+problem, "")
	}
	return src, doc, nil
}

// syntax takes place and problem out of a YAML error, without the quoted source:
// it could hold a secret.
func syntax(err error) (line, column int, problem string) {
	first, _, _ := strings.Cut(err.Error(), "\n")
	line, column = 1, 1
	if rest, ok := strings.CutPrefix(first, "["); ok {
		place, text, _ := strings.Cut(rest, "] ")
		l, c, _ := strings.Cut(place, ":")
		if n, err := strconv.Atoi(l); err == nil {
			line = n
		}
		if n, err := strconv.Atoi(c); err == nil {
			column = n
		}
		first = text
	}
	return line, column, first
}

// size counts nodes with every alias written out, up to a bound.
func size(root ast.Node) int {
	anchors := map[string]int{}
	var count func(ast.Node) int
	count = func(n ast.Node) int {
		sum := 1
		switch n := n.(type) {
		case *ast.MappingNode:
			for _, v := range n.Values {
				sum += count(v.Key) + count(v.Value)
			}
		case *ast.MappingValueNode:
			sum += count(n.Key) + count(n.Value)
		case *ast.SequenceNode:
			for _, v := range n.Values {
				sum += count(v)
			}
		case *ast.AnchorNode:
			sum += count(n.Value)
			anchors[n.Name.String()] = sum
		case *ast.AliasNode:
			sum += anchors[n.Value.String()]
		case *ast.TagNode:
			sum += count(n.Value)
		}
		return min(sum, maxNodes+1)
	}
	return count(root)
}

// position returns line and column of the deepest part of a path that is written
// in the file: a key where there is one.
func (s *source) position(at path) (line, column int) {
	here, place := s.root, s.root.GetToken()
	for _, key := range at {
		next, token := step(here, key)
		if next == nil {
			break
		}
		here, place = next, token
	}
	if place == nil || place.Position == nil {
		return 1, 1
	}
	return place.Position.Line, place.Position.Column
}

// step goes one key or index down and returns the node with the token to show.
func step(n ast.Node, key string) (ast.Node, *token.Token) {
	switch n := n.(type) {
	case *ast.AnchorNode:
		return step(n.Value, key)
	case *ast.TagNode:
		return step(n.Value, key)
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.GetToken().Value == key {
				return v.Value, v.Key.GetToken()
			}
		}
	case *ast.MappingValueNode:
		if n.Key.GetToken().Value == key {
			return n.Value, n.Key.GetToken()
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Values) {
			return n.Values[i], firstToken(n.Values[i])
		}
	}
	return nil, nil
}

// firstToken is where a list entry begins: at its first key, if it is a mapping.
func firstToken(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	case *ast.AnchorNode:
		return firstToken(n.Value)
	}
	return n.GetToken()
}
