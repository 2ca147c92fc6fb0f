package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// representation are the defects of what is stored, shown and found.
func representation() []Defect {
	return []Defect{
		{
			Name:     "create-without-location",
			Summary:  "The 201 carries no Location header.",
			Imitates: "scimmyjs/scimmy-routers",
			Checks:   []string{"lifecycle.create"},
			Install: func(h *acme.Hooks) {
				h.WriteReply = append(h.WriteReply, func(r *acme.Reply) {
					if r.Status == http.StatusCreated {
						r.Header.Del("Location")
					}
				})
			},
		},
		{
			Name:    "create-without-meta",
			Summary: "The reply to a create has no meta.",
			Checks:  []string{"lifecycle.create"},
			Install: func(h *acme.Hooks) {
				h.WriteReply = append(h.WriteReply, func(r *acme.Reply) {
					if r.Status == http.StatusCreated {
						delete(r.Body, "meta")
					}
				})
			},
		},
		{
			Name:    "create-drops-family-name",
			Summary: "The family name is lost at creation.",
			Checks:  []string{"lifecycle.create.read-back"},
			Install: beforeChange(func(c *acme.Change) {
				if name, ok := c.After["name"].(map[string]any); ok && c.Method == http.MethodPost {
					delete(name, "familyName")
				}
			}),
		},
		{
			Name:    "patch-displayname-ignored",
			Summary: "A PATCH of displayName is answered 200 and changes nothing.",
			Checks:  []string{"lifecycle.update.patch"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPatch && c.Type == "User" {
					keep(c, "displayName")
				}
			}),
		},
		{
			Name:    "filter-username-ignored",
			Summary: "A filter is ignored and every user comes back.",
			Checks:  []string{"lifecycle.find-by-username"},
			Install: func(h *acme.Hooks) {
				h.Query = append(h.Query, func(q *acme.Query) { q.Found = q.All })
			},
		},
		{
			Name:    "filter-username-finds-nothing",
			Summary: "A filter on userName finds nobody, as when inactive users are hidden from everyone.",
			Checks:  []string{"lifecycle.find-by-username"},
			Install: func(h *acme.Hooks) {
				h.Query = append(h.Query, func(q *acme.Query) {
					if strings.Contains(q.Filter, "userName") {
						q.Found = nil
					}
				})
			},
		},
	}
}
