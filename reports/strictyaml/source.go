// Package strictyaml reads the YAML files that users write, and tells what is wrong with one by
// file, line, column and key, all of it at once. What is right is for those who read.
package strictyaml

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// MaxBytes is how large a file may be.
const MaxBytes = 1 << 20

const (
	maxNodes = 50_000 // with every alias written out
	maxDepth = 100    // of brackets within brackets
)

// Source is a file as it was written, to find places in it.
type Source struct {
	file string
	root ast.Node
}

// Load reads a file. The error is Faults; instead says what else could be named.
func Load(file, instead string) ([]byte, error) {
	fault := func(problem, hint string) error { return Faults{{File: file, Problem: problem, Hint: hint}} }
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, fault("the file cannot be read: "+Reason(err), "name "+instead)
	case info.IsDir():
		return nil, fault("this is a folder", "name "+instead)
	case info.Size() > MaxBytes:
		return nil, fault(fmt.Sprintf("the file has %d bytes; at most %d are read", info.Size(), MaxBytes), "")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fault("the file cannot be read: "+Reason(err), "")
	}
	return text, nil
}

// Reason leaves out the path, which the message has already.
func Reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// Digest is the SHA-256 of a file's bytes, in hex.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Read parses the YAML and returns it in the values of JSON, of which schemas speak. file stands
// for it in errors, which are Faults and quote nothing: the file could hold a secret.
func Read(file string, text []byte) (*Source, any, error) {
	src := &Source{file: file}
	fault := func(line, column int, problem, hint string) error {
		return Faults{{File: file, Line: line, Column: column, Problem: problem, Hint: hint}}
	}
	switch {
	case len(text) > MaxBytes:
		return nil, nil, fault(0, 0, fmt.Sprintf("the file has %d bytes; at most %d are read", len(text), MaxBytes), "")
	case !utf8.Valid(text):
		return nil, nil, fault(0, 0, "the file is not UTF-8", "save it as UTF-8")
	case strings.TrimSpace(string(text)) == "":
		return nil, nil, fault(1, 1, "the file is empty", "scimproof init writes one to begin with")
	case tooDeep(text):
		return nil, nil, fault(1, 1, "the file holds lists within lists more than 100 deep", "")
	}
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		line, column, problem := syntax(err)
		return nil, nil, fault(line, column, "not YAML: "+problem, "")
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return nil, nil, fault(1, 1, "the file must hold exactly one YAML document", "scimproof init writes one to begin with")
	}
	src.root = parsed.Docs[0].Body
	if size(src.root) > maxNodes {
		return nil, nil, fault(1, 1, "the file is too large once its aliases are written out", "")
	}
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		line, column, problem := syntax(err)
		return nil, nil, fault(line, column, "not YAML: "+problem, "")
	}
	raw, err := json.Marshal(doc)
	if err == nil {
		doc, err = jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	}
	if err != nil {
		return nil, nil, fault(1, 1, "the file cannot be put into JSON: "+err.Error(), "keys must be text, and numbers finite")
	}
	return src, doc, nil
}

// tooDeep keeps a file of brackets, or of dashes, alone from costing minutes.
func tooDeep(text []byte) bool {
	if bytes.Contains(text, bytes.Repeat([]byte("- "), maxDepth)) {
		return true
	}
	depth := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

// syntax takes place and problem out of a YAML error, without the lines that it quotes: they could
// hold a secret.
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

// Position returns line and column of the deepest part of a path that is written in the file: a
// key where there is one.
func (s *Source) Position(at Path) (line, column int) {
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
