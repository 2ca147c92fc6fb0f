package acme

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/scimproof/scimproof/mocks/acme/model"
)

// maxDepth is how deeply the objects and lists of a body may be nested. SCIM needs six
// levels in a bulk request.
const maxDepth = 100

// readObject reads a JSON object from the body. What two readers could understand in
// two ways is refused: a key given twice, and what is not UTF-8 (RFC 8259 §4, §8.1).
func readObject(r *http.Request) (map[string]any, error) {
	if err := checkContentType(r); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	// Valid looks at the whole text: what follows an object, and what the decoder's
	// tokens would not tell.
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, model.BadRequest("invalidSyntax", "the body is not JSON in UTF-8")
	}
	value, err := readValue(json.NewDecoder(bytes.NewReader(raw)), 0)
	if err != nil {
		return nil, err
	}
	doc, ok := value.(map[string]any)
	if !ok {
		return nil, model.BadRequest("invalidSyntax", "the body is not a JSON object")
	}
	return doc, nil
}

// readValue reads the next value.
func readValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, model.BadRequest("invalidSyntax", "the body cannot be read")
	}
	if _, nested := token.(json.Delim); nested && depth == maxDepth {
		return nil, model.BadRequest("invalidSyntax", "the body is nested more than %d levels deep", maxDepth)
	}
	switch token {
	case json.Delim('{'):
		return readMembers(d, depth)
	case json.Delim('['):
		return readItems(d, depth)
	}
	return token, nil
}

func readMembers(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, model.BadRequest("invalidSyntax", "the body cannot be read")
		}
		name, _ := key.(string)
		if _, twice := object[name]; twice {
			return nil, model.BadRequest("invalidSyntax", "a key is given twice")
		}
		if object[name], err = readValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token() // the closing brace
	return object, err
}

func readItems(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		item, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := d.Token() // the closing bracket
	return list, err
}
