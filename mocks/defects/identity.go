package defects

import (
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme"
)

// identity are the defects of what is stored of a person.
func identity() []Defect {
	return []Defect{
		{
			Name:    "patch-displayname-ignored",
			Summary: "A PATCH of displayName is answered 200 and changes nothing.",
			Checks:  []string{"lifecycle.update.patch"},
			Gaps:    []string{"ignored-silently update"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPatch) {
					keep(c, "displayName")
				}
			}),
		},
	}
}
