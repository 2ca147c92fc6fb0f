package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// create are the defects of the POST.
func create() []Defect {
	return slices.Concat(created(), createdWrongly(), admitted(), admittedWrongly())
}

// created are those of what is made and shown.
func created() []Defect {
	return []Defect{
		{
			Name:     "create-without-location",
			Summary:  "The 201 carries no Location header.",
			Imitates: "FortiAuthenticator",
			Checks:   []string{"lifecycle.create", "users.create.location", "bulk.results"},
			Gaps:     []string{"nonconformant", "declared-not-delivered bulk"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Status == http.StatusCreated {
					r.Header.Del("Location")
				}
			}),
		},
		{
			Name:    "create-without-meta",
			Summary: "The 201 shows the new resource without meta.",
			Checks:  []string{"users.read.same-as-answered", "lifecycle.create", "users.create.location", "users.model.meta.assigned"},
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
		{
			Name:    "create-answers-200",
			Summary: "A POST that creates is answered 200.",
			Checks:  []string{"lifecycle.create", "errors.media.request", "channel.tenant.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Status == http.StatusCreated {
					r.Status = http.StatusOK
				}
			}),
		},
		{
			Name:    "create-location-elsewhere",
			Summary: "The Location of a new resource names another host.",
			Checks:  []string{"users.create.location"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if at := r.Header.Get("Location"); r.Status == http.StatusCreated {
					r.Header.Set("Location", strings.Replace(at, r.Request.Host, "scim.internal", 1))
				}
			}),
		},
		{
			Name:    "create-drops-external-id",
			Summary: "A new user is stored without externalId.",
			Checks:  []string{"lifecycle.create.read-back"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) { delete(c.After, "externalId") }),
		},
		{
			Name:    "create-invents-external-id",
			Summary: "A new user without externalId is given one by the service.",
			Checks:  []string{"users.create.defaults"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if c.After["externalId"] == nil {
					c.After["externalId"] = c.ID
				}
			}),
		},
		{
			Name:     "create-ignores-inactive",
			Summary:  "Somebody who is created with active false can sign in at once.",
			Imitates: "better-auth/better-auth #10242",
			Checks:   []string{"users.active.created-inactive"},
			Gaps:     []string{"nonconformant"},
			Install:  onCreate(func(c *acme.Change) { c.After["active"] = true }),
		},
		{
			Name:    "create-drops-extension",
			Summary: "A new user is stored without the enterprise extension.",
			Checks:  []string{"users.enterprise.round-trip", "users.enterprise.manager", "users.enterprise.filter", "bulk.references.extension", "discovery.schema.mutability.read-write", "users.model.extension", "users.model.schemas.order"},
			Gaps:    []string{"nonconformant", "declared-not-delivered filter", "declared-not-delivered bulk"},
			Install: onCreate(func(c *acme.Change) { delete(c.After, model.URNEnterprise) }),
		},
		{
			Name:    "create-takes-the-id",
			Summary: "A client may choose the id of a new user.",
			Checks:  []string{"users.create.read-only", "users.identity.client-chosen"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if id, ok := c.Body["id"].(string); ok {
					c.ID = id
				}
			}),
		},
	}
}

// admitted are those of what is accepted and what is refused.
func admitted() []Defect {
	return []Defect{
		{
			Name:     "create-duplicate-accepted",
			Summary:  "A userName that is taken makes a second user.",
			Imitates: "tuist #11688, where two at once do",
			Checks:   []string{"lifecycle.create.duplicate", "lifecycle.create.case-twin", "users.create.duplicate", "users.create.race", "users.username.unique.post", "bulk.failed", "discovery.schema.unique", "errors.status.conflict", "users.strings.unique"},
			Gaps:     []string{"nonconformant", "declared-not-delivered bulk"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Err.ScimType == "uniqueness" {
					c.Err = nil
				}
			}),
		},
		{
			Name:     "create-case-twin-accepted",
			Summary:  "A userName that is taken in lower case makes a second user in capitals.",
			Imitates: "langfuse #13528, ory/polis #4065",
			Checks:   []string{"lifecycle.create.case-twin", "users.username.unique.post"},
			Gaps:     []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				name := c.After.Text("userName")
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Err.ScimType == "uniqueness" && name != strings.ToLower(name) {
					c.Err = nil
				}
			}),
		},
		{
			Name:     "create-refuses-nulls",
			Summary:  "A null in a new user, as Microsoft Entra ID sends them, is refused.",
			Imitates: "ssoready/ssoready #164 and others that learnt to accept it",
			Checks:   []string{"users.create.defaults", "users.model.null.create", "story.entra", "story.entra-flag"},
			Gaps:     []string{"nonconformant", "refused-explicitly create"},
			Install: beforeChange(func(c *acme.Change) {
				for _, value := range c.Body {
					if changesUser(c, http.MethodPost) && value == nil {
						c.Err = model.BadRequest("invalidValue", "null is no value")
					}
				}
			}),
		},
		{
			Name:    "create-without-username-accepted",
			Summary: "A user is created without a userName.",
			Checks:  []string{"users.create.required-username", "discovery.schema.required"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if changesUser(c, http.MethodPost) && c.Err != nil && c.Body["userName"] == nil && c.Err.ScimType == "invalidValue" {
					c.Err, c.After = nil, acme.Resource{"schemas": []any{model.URNUser}, "active": true}
				}
			}),
		},
		{
			Name:    "create-external-id-unique",
			Summary: "Two users cannot have the same externalId, which is the clients' affair.",
			Checks:  []string{"users.create.same-external-id", "channel.tenant.external-id"},
			Gaps:    []string{"nonconformant"},
			Install: externalIDUnique,
		},
	}
}

func onCreate(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if changesUser(c, http.MethodPost) && c.Err == nil {
			hook(c)
		}
	})
}

func externalIDUnique(config *acme.Config) {
	var known sync.Map
	onCreate(func(c *acme.Change) {
		if id := c.After.Text("externalId"); id != "" {
			if _, taken := known.LoadOrStore(id, true); taken {
				c.Err = &acme.Error{Status: http.StatusConflict, ScimType: "uniqueness", Detail: "another user has this externalId"}
			}
		}
	})(config)
}
