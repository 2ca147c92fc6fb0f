package oscal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fault is something that OSCAL does not allow, and that its JSON Schema in part does not see.
type Fault struct {
	// Path is where in the document: assessment-results.results[0].risks[1].uuid.
	Path string
	// Says is what is wrong there and what belongs there.
	Says string
}

// Error names the place and the fault.
func (f *Fault) Error() string { return f.Path + ": " + f.Says }

// Check reads an OSCAL assessment-results or plan-of-action-and-milestones document in JSON and
// lists what is wrong with it: references that lead nowhere or to the wrong sort of thing, uuids
// that come twice, names that are no tokens, empty lists and texts, moments without a zone. It
// does not replace the JSON Schema. References into other documents, such as a system security
// plan, are not followed. Each error but that of a document that cannot be read is a *Fault; nil stands
// for a sound document.
func Check(doc []byte) []error {
	if !utf8.Valid(doc) {
		return []error{errors.New("oscal: the document is not UTF-8; write it anew in that encoding")}
	}
	in := json.NewDecoder(bytes.NewReader(doc))
	in.UseNumber()
	var root map[string]any
	if err := in.Decode(&root); err != nil {
		return []error{fmt.Errorf("oscal: the document is no JSON object: %w", err)}
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return []error{errors.New("oscal: something follows the JSON object; a document is one object alone")}
	}
	c := &checker{defined: map[string]definition{}, roles: map[string]bool{}}
	models := 0
	for _, model := range []string{modelResults, modelPlan} {
		if body, ok := root[model].(map[string]any); ok {
			models++
			c.model(model, body)
		}
	}
	if models != 1 {
		c.fault("document", "has %d models; it has to have exactly one of %s and %s", models, modelResults, modelPlan)
	}
	return c.faults
}

const (
	modelResults = "assessment-results"
	modelPlan    = "plan-of-action-and-milestones"
)

// checker walks a document twice: first to learn what it defines, then to look at each value.
type checker struct {
	faults  []error
	defined map[string]definition // uuid in lower case
	roles   map[string]bool
}

// definition is where a uuid was defined.
type definition struct {
	list string // the list or object it belongs to, such as "risks"
	path string
}

func (c *checker) fault(path, format string, values ...any) {
	c.faults = append(c.faults, &Fault{Path: path, Says: fmt.Sprintf(format, values...)})
}

func (c *checker) model(name string, body map[string]any) {
	c.learn(name, name, body)
	if meta, ok := body["metadata"].(map[string]any); ok {
		roles, _ := meta["roles"].([]any)
		for _, entry := range roles {
			if role, ok := entry.(map[string]any); ok {
				if id, ok := role["id"].(string); ok {
					c.roles[id] = true
				}
			}
		}
	}
	if name == modelPlan && body["import-ssp"] == nil && body["system-id"] == nil {
		c.fault(name, "names no system; it needs import-ssp or system-id")
	}
	c.look(name, name, body)
}

// learn gathers the uuids that are defined.
func (c *checker) learn(path, list string, value any) {
	switch v := value.(type) {
	case map[string]any:
		if id, ok := v["uuid"].(string); ok {
			c.define(path, list, id)
		}
		for _, key := range sorted(v) {
			c.learn(path+"."+key, key, v[key])
		}
	case []any:
		for i, each := range v {
			c.learn(fmt.Sprintf("%s[%d]", path, i), list, each)
		}
	}
}

func (c *checker) define(path, list, id string) {
	id = strings.ToLower(id)
	if earlier, taken := c.defined[id]; taken {
		c.fault(path+".uuid", "is %s, which is defined at %s already; every uuid has to be unique", id, earlier.path)
		return
	}
	c.defined[id] = definition{list: list, path: path}
}

// look examines a value and all that is in it; key is the name that it goes by.
func (c *checker) look(path, key string, value any) {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 && key != "include-all" {
			c.fault(path, "is an empty object; leave it out")
		}
		for _, name := range sorted(v) {
			c.look(path+"."+name, name, v[name])
		}
		c.typed(path, v, "actor-uuid", actors)
		c.typed(path, v, "subject-uuid", subjects)
		c.property(path, key, v)
	case []any:
		if len(v) == 0 {
			c.fault(path, "is an empty list, which OSCAL does not have; leave it out")
		}
		for i, each := range v {
			c.look(fmt.Sprintf("%s[%d]", path, i), key, each)
		}
	case string:
		c.text(path, key, v)
		c.reference(path, key, v)
	case nil:
		c.fault(path, "is null; leave it out")
	}
}

func sorted(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
