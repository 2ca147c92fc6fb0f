package defects

import (
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme"
)

// create are the defects of the POST.
func create() []Defect {
	return []Defect{
		{
			Name:     "create-without-location",
			Summary:  "The 201 carries no Location header.",
			Imitates: "FortiAuthenticator",
			Checks:   []string{"lifecycle.create"},
			Gaps:     []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Status == http.StatusCreated {
					r.Header.Del("Location")
				}
			}),
		},
		{
			Name:    "create-without-meta",
			Summary: "The 201 shows the new resource without meta.",
			Checks:  []string{"lifecycle.create"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Status == http.StatusCreated {
					delete(r.Body, "meta")
				}
			}),
		},
		{
			Name:    "create-drops-family-name",
			Summary: "A new user is stored without name.familyName.",
			Checks:  []string{"lifecycle.create.read-back"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if name, ok := c.After["name"].(map[string]any); ok && changesUser(c, http.MethodPost) {
					delete(name, "familyName")
				}
			}),
		},
	}
}
