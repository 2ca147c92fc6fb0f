package schema

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what the model's Go files say beyond its types.
type source struct {
	// comments holds the comments of types and fields under the keys that the
	// reflector looks for: "import/path.Type" and "import/path.Type.Field".
	comments map[string]string
	// words holds the constants of each word type in the order of the source.
	words map[string][]word
	// used notes the word types that a report really holds.
	used map[string]bool
}

type word struct{ value, comment string }

// readModel reads the files of the model in a folder, without its tests.
func readModel(folder string) (*source, error) {
	m := &source{comments: map[string]string{}, words: map[string][]word{}, used: map[string]bool{}}
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("schema: reading the model: %w", err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("schema: reading the model: %w", err)
		}
		for _, decl := range file.Decls {
			if general, ok := decl.(*ast.GenDecl); ok {
				m.read(general)
			}
		}
	}
	return m, nil
}

func (m *source) read(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			m.comments[model+"."+spec.Name.Name] = flow(spec.Doc, decl.Doc)
			if s, ok := spec.Type.(*ast.StructType); ok {
				m.readFields(spec.Name.Name, s)
			}
		case *ast.ValueSpec:
			if decl.Tok == token.CONST {
				m.readConstant(spec)
			}
		}
	}
}

func (m *source) readFields(owner string, s *ast.StructType) {
	for _, field := range s.Fields.List {
		for _, name := range field.Names {
			if text := flow(field.Doc, field.Comment); text != "" {
				m.comments[model+"."+owner+"."+name.Name] = text
			}
		}
	}
}

// readConstant keeps constants written as `Name Type = "word"`, which is how the
// model writes all of its words.
func (m *source) readConstant(spec *ast.ValueSpec) {
	kind, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return
	}
	if value, err := strconv.Unquote(literal.Value); err == nil {
		m.words[kind.Name] = append(m.words[kind.Name], word{value, flow(spec.Comment, spec.Doc)})
	}
}

// flow gives the first comment that is there, without its line breaks.
func flow(groups ...*ast.CommentGroup) string {
	for _, group := range groups {
		if text := strings.Join(strings.Fields(group.Text()), " "); text != "" {
			return text
		}
	}
	return ""
}
