package oscal_test

import (
	"encoding/json"
	"testing"

	. "github.com/onsi/gomega"
)

// object is a part of a document that a test changes.
type object map[string]any

func parsed(t *testing.T, doc []byte) object {
	t.Helper()
	var o object
	NewWithT(t).Expect(json.Unmarshal(doc, &o)).To(Succeed())
	return o
}

func (o object) bytes(t *testing.T) []byte {
	t.Helper()
	doc, err := json.Marshal(o)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return doc
}

// at walks down: a text is a key, a number a place in a list.
func (o object) at(steps ...any) object {
	var here any = map[string]any(o)
	for _, step := range steps {
		switch s := step.(type) {
		case string:
			here = here.(map[string]any)[s]
		case int:
			here = here.([]any)[s]
		}
	}
	return here.(map[string]any)
}

func (o object) set(key string, value any) { o[key] = value }

// named is the property of that name of an entry of a list.
func (o object) named(list string, place int, name string) object {
	for _, each := range o.at(list, place)["props"].([]any) {
		if p := each.(map[string]any); p["name"] == name {
			return p
		}
	}
	return nil
}
