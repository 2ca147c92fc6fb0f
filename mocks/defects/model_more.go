package defects

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// modelForms are further defects in the form of attributes and of what is read of them.
func modelForms() []Defect {
	return []Defect{
		{
			Name:     "names-case-exact",
			Summary:  "An attribute of a user whose name is sent in other letters than the schema's is dropped without a word.",
			Imitates: "typed decoders of JSON",
			Checks:   []string{"users.model.name-case"},
			Gaps:     []string{"nonconformant"},
			Install:  namesCaseExact,
		},
		{
			Name:    "name-with-a-dot",
			Summary: "A user who is shown as a whole has an attribute with a dot in its name.",
			Checks:  []string{"users.model.names"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Body["userName"] != nil && r.Request.URL.Query().Get("attributes") == "" {
					r.Body["display.short"] = "A."
				}
			}),
		},
		{
			Name:     "schemas-last-refused",
			Summary:  "A user whose body has schemas at its end is refused.",
			Imitates: "readers that choose a type by what comes first",
			Checks:   []string{"users.model.key-order"},
			Gaps:     []string{"nonconformant"},
			Install:  schemasLastRefused,
		},
		{
			Name:    "created-active-as-text",
			Summary: "The answer to the creation of a user shows active as a text.",
			Checks:  []string{"users.model.booleans"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if active, ok := r.Body["active"].(bool); ok && r.Status == http.StatusCreated {
					r.Body["active"] = map[bool]string{true: "true", false: "false"}[active]
				}
			}),
		},
		{
			Name:     "odd-active-ignored",
			Summary:  "A change of active to what is no Boolean, and no text that spells one, is answered 200 and does nothing.",
			Imitates: "OneUptime #3852",
			Checks:   []string{"users.active.wrong-type.word", "users.active.wrong-type.number", "users.active.wrong-type.object"},
			Gaps:     []string{"ignored-silently deactivate"},
			Install:  oddActiveIgnored,
		},
		{
			Name:    "put-answers-with-old-name",
			Summary: "The answer to a PUT shows the name as it was before.",
			Checks:  []string{"users.read.as-answered"},
			Gaps:    []string{"nonconformant"},
			Install: putAnswersOldName,
		},
		{
			Name:    "users-read-by-name",
			Summary: "A user is read by the userName as well as by the id.",
			Checks:  []string{"users.read.by-id"},
			Gaps:    []string{"nonconformant"},
			Install: usersReadByName,
		},
		{
			Name:    "written-hint-withheld",
			Summary: "The answer to a PATCH does not show a recoveryHint, which is returned on request, to who has just written it.",
			Checks:  []string{"users.read.on-request"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodPatch {
					delete(workplaceOf(r.Body), "recoveryHint")
				}
			}),
		},
	}
}

// onSingle alters each user that a reply shows alone.
func onSingle(hook func(map[string]any)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		for _, resource := range resources(r) {
			if !isList(r) && resource["userName"] != nil {
				hook(resource)
			}
		}
	})
}

// namesCaseExact leaves out what no schema has in these letters.
func namesCaseExact(config *acme.Config) {
	schema := model.SchemaOf(acme.TypeUser)
	known := func(name string) bool {
		_, extension := schema.Extensions[name]
		return extension || slices.ContainsFunc(schema.Attributes, func(at *model.Attribute) bool { return at.Name == name })
	}
	beforeChange(func(c *acme.Change) {
		if !changesUser(c, http.MethodPost) && !changesUser(c, http.MethodPut) {
			return
		}
		dropped := maps.Clone(c.Body)
		maps.DeleteFunc(dropped, func(name string, _ any) bool { return !known(name) })
		if len(dropped) == len(c.Body) {
			return
		}
		after, err := schema.Admit(dropped)
		if err != nil {
			c.Err = model.BadRequest("invalidValue", "userName is required")
			return
		}
		for name := range c.After {
			if _, kept := after[name]; !kept && name != "id" && name != "active" {
				delete(c.After, name)
			}
		}
	})(config)
}

// schemasLastRefused looks at where schemas stands in the text of a body.
func schemasLastRefused(config *acme.Config) {
	onRequest(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !isSCIM(r) || !strings.HasSuffix(r.URL.Path, "/Users") {
			return false
		}
		raw, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		if err != nil || bytes.LastIndex(raw, []byte(`"schemas"`)) < bytes.LastIndex(raw, []byte(`"userName"`)) || !bytes.Contains(raw, []byte(`"userName"`)) {
			return false
		}
		w.WriteHeader(http.StatusBadRequest)
		return true
	})(config)
}

// oddActiveIgnored answers what is wrong with active alone as if it was right.
func oddActiveIgnored(config *acme.Config) {
	beforeChange(func(c *acme.Change) {
		if c.Type != acme.TypeUser || c.Before == nil || c.Err == nil || c.Err.ScimType != "invalidValue" {
			return
		}
		if slices.ContainsFunc(c.Operations, func(o acme.Operation) bool { return strings.EqualFold(o.Path, "active") }) {
			c.Err, c.Drop = nil, true
		}
	})(config)
}

// putAnswersOldName shows what was replaced.
func putAnswersOldName(config *acme.Config) {
	var before sync.Map
	beforeChange(func(c *acme.Change) {
		if changesUser(c, http.MethodPut) && c.Before != nil {
			before.Store(c.ID, c.Before["name"])
		}
	})(config)
	writeReply(func(r *acme.Reply) {
		if name, known := before.Load(r.Body["id"]); known && name != nil && r.Request.Method == http.MethodPut && r.Status == http.StatusOK {
			r.Body["name"] = name
		}
	})(config)
}

// usersReadByName puts the id in the place of a name in an address.
func usersReadByName(config *acme.Config) {
	var named sync.Map
	onCreate(func(c *acme.Change) { named.Store(c.After.Text("userName"), c.ID) })(config)
	onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		before, name, found := strings.Cut(r.URL.Path, "/Users/")
		if id, known := named.Load(name); found && known && isSCIM(r) && r.Method == http.MethodGet {
			r.URL.Path, r.URL.RawPath = before+"/Users/"+id.(string), ""
		}
		return false
	})(config)
}
