package defects

import (
	"net/http"

	"github.com/scimproof/scimproof/mocks/acme"
)

// leaver are the defects of deactivation and deletion themselves.
func leaver() []Defect {
	return []Defect{
		{
			Name:     "patch-active-ignored",
			Summary:  "A PATCH of active is answered 200 and changes nothing, in whatever form.",
			Imitates: "NorthlandPositronics/Cogtrix #122",
			Checks: []string{
				"lifecycle.deactivate.patch-pathless", "lifecycle.deactivate.patch-path", "lifecycle.deactivate.patch-string", "lifecycle.reactivate",
				"survival.deactivate.patch-pathless.*", "survival.deactivate.patch-path.*", "survival.deactivate.patch-string.*", "survival.reactivate.*",
			},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPatch && c.Type == "User" {
					keep(c, "active")
				}
			}),
		},
		{
			Name:     "patch-pathless-ignored",
			Summary:  "A deactivation by PATCH without a path, as Okta sends it, is answered 200 and changes nothing.",
			Imitates: "different-ai/openwork #3809",
			Checks:   []string{"lifecycle.deactivate.patch-pathless", "survival.deactivate.patch-pathless.*"},
			Install: beforeChange(func(c *acme.Change) {
				if len(c.Operations) > 0 && c.Operations[0].Path == "" {
					keep(c, "active")
				}
			}),
		},
		{
			Name:     "patch-string-refused",
			Summary:  `The string "False" for active, as Microsoft Entra ID sends it, is refused with 400.`,
			Imitates: "OneUptime/oneuptime #3852",
			Checks:   []string{"lifecycle.deactivate.patch-string", "survival.deactivate.patch-string.*"},
			Install: beforeChange(func(c *acme.Change) {
				for _, o := range c.Operations {
					if text, ok := o.Value.(string); ok && o.Path == "active" {
						c.Refuse = &acme.Error{Status: http.StatusBadRequest, ScimType: "invalidValue", Detail: "active must be a Boolean, not " + text}
					}
				}
			}),
		},
		{
			Name:     "put-active-ignored",
			Summary:  "A PUT stores everything but active.",
			Imitates: "getsentry/sentry #45430",
			Checks:   []string{"lifecycle.deactivate.put", "survival.deactivate.put.*"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodPut && c.Type == "User" {
					keep(c, "active")
				}
			}),
		},
		{
			Name:    "delete-ignored",
			Summary: "A DELETE is answered 204 and the user stays.",
			Checks: []string{
				"lifecycle.delete", "lifecycle.delete.gone-from-lists", "lifecycle.recreate", "survival.delete.*", "survival.recreate.*",
			},
			Install: beforeChange(func(c *acme.Change) {
				if c.Method == http.MethodDelete && c.Type == "User" {
					c.Drop = true
				}
			}),
		},
		{
			Name:     "deleted-user-listed",
			Summary:  "A deleted user answers 404 and is still found by a filter.",
			Imitates: "Atlassian's directory, where the account lives on when its SCIM record is gone",
			Checks:   []string{"lifecycle.delete.gone-from-lists"},
			Install: func(h *acme.Hooks) {
				h.Query = append(h.Query, func(q *acme.Query) {
					for _, user := range q.Deleted {
						if q.Type == "User" && named(q.Filter, user) {
							q.Found = append(q.Found, user)
						}
					}
				})
			},
		},
		{
			Name:    "delete-answers-200",
			Summary: "A DELETE takes effect and is answered 200 with a body.",
			Checks:  []string{"lifecycle.delete"},
			Install: func(h *acme.Hooks) {
				h.WriteReply = append(h.WriteReply, func(r *acme.Reply) {
					if r.Request.Method == http.MethodDelete && r.Status == http.StatusNoContent {
						r.Status, r.Body = http.StatusOK, map[string]any{"deleted": true}
					}
				})
			},
		},
		{
			Name:    "reactivate-ignored",
			Summary: "active: true is answered 200 and the user stays inactive.",
			Checks:  []string{"lifecycle.reactivate", "survival.reactivate.local-password"},
			Install: beforeChange(func(c *acme.Change) {
				if c.Before != nil && c.After != nil && !c.Before.Active() {
					keep(c, "active")
				}
			}),
		},
	}
}

// beforeChange installs a hook on changes.
func beforeChange(hook func(*acme.Change)) func(*acme.Hooks) {
	return func(h *acme.Hooks) { h.BeforeChange = append(h.BeforeChange, hook) }
}

// keep leaves an attribute as it was.
func keep(c *acme.Change, name string) {
	if value, ok := c.Before[name]; ok {
		c.After[name] = value
	} else {
		delete(c.After, name)
	}
}
