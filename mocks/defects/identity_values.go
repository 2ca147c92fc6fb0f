package defects

import (
	"bytes"
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// valuedWrongly are the defects of names and values (RFC 7643 §2).
func valuedWrongly() []Defect {
	return []Defect{
		{
			Name:    "names-read-exactly",
			Summary: "An attribute of a new user is dropped when its name is not in the schema's letter case, active included.",
			Checks:  []string{"users.model.names.letter-case"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				for _, at := range model.SchemaOf(c.Type).Attributes {
					if key, _, sent := model.Lookup(c.Body, at.Name); sent && key != at.Name && at.Name != "userName" {
						delete(c.After, at.Name)
						if at.Name == "active" {
							c.After["active"] = true
						}
					}
				}
			}),
		},
		{
			Name:    "name-with-a-space",
			Summary: "meta has an attribute whose name has a space in it.",
			Checks:  []string{"users.model.names.form"},
			Gaps:    []string{"nonconformant"},
			Install: onMeta(func(meta map[string]any) { meta["last seen"] = "never" }),
		},
		{
			Name:    "operation-begins-with-op",
			Summary: "A PATCH is refused in which the value of an operation comes before its op.",
			Checks:  []string{"users.model.key-order"},
			Gaps:    []string{"nonconformant"},
			Install: refuseThat(http.StatusBadRequest, func(r *http.Request) bool {
				if r.Method != http.MethodPatch {
					return false
				}
				raw := textOf(r)
				value, op := bytes.Index(raw, []byte(`"value":`)), bytes.Index(raw, []byte(`"op":`))
				return value >= 0 && op > value
			}),
		},
		{
			Name:    "two-primaries-accepted",
			Summary: "A new user may have two primary addresses.",
			Checks:  []string{"users.model.primary.one"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if len(list(c.Body["emails"])) < 2 {
					return
				}
				emails := c.Body["emails"]
				if admitInstead(c, func(body map[string]any) { delete(body, "emails") }); c.Err == nil {
					c.After["emails"] = emails
				}
			}),
		},
		{
			Name:    "only-address-made-primary",
			Summary: "The only address of a new user becomes the primary one without having been sent so.",
			Checks:  []string{"users.model.primary.default"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if emails := model.Objects(c.After["emails"]); len(list(c.Body["emails"])) == 1 && len(emails) == 1 && emails[0]["primary"] == nil {
					emails[0]["primary"] = true
				}
			}),
		},
		{
			Name:    "duplicates-kept",
			Summary: "An address that a new user is sent with twice is shown twice.",
			Checks:  []string{"users.model.duplicates"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if emails := list(c.After["emails"]); len(emails) > 0 && len(list(c.Body["emails"])) > len(emails) {
					c.After["emails"] = append(emails, emails[0])
				}
			}),
		},
		{
			Name:    "certificate-of-any-text",
			Summary: "A certificate may be any text.",
			Checks:  []string{"users.model.binary"},
			Gaps:    []string{"nonconformant"},
			Install: onPatch(func(c *acme.Change) {
				if o := c.Operations; len(o) == 1 && o[0].Path == "x509Certificates" && c.Err != nil {
					c.Err, c.After = nil, c.Before.Clone()
					c.After["x509Certificates"] = o[0].Value
				}
			}),
		},
		{
			Name:    "patch-null-ignored",
			Summary: "A replace by null is answered 200 and changes nothing.",
			Checks:  []string{"users.model.null.patch", "patching.replace.null"},
			Gaps:    []string{"declared-not-delivered patch"},
			Install: onPatch(func(c *acme.Change) {
				for _, o := range c.Operations {
					if o.Op == "replace" && o.Value == nil && c.Err == nil && isPlain(o.Path) {
						keep(c, o.Path)
					}
				}
			}),
		},
	}
}
