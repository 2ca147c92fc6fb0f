package defects

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// create are the defects of the POST.
func create() []Defect { return slices.Concat(created(), admitted()) }

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
		{
			Name:    "create-shows-id-only",
			Summary: "The 201 for a new user shows the id and meta, and nothing else of it.",
			Checks:  []string{"users.create.location", "users.read.same-as-answered"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Status == http.StatusCreated && strings.HasSuffix(r.Request.URL.Path, "/Users") {
					maps.DeleteFunc(r.Body, func(name string, _ any) bool { return !slices.Contains([]string{"schemas", "id", "meta"}, name) })
				}
			}),
		},
		{
			Name:    "create-grants-groups",
			Summary: "A new user is made a member of the groups that the client sends with them.",
			Checks:  []string{"users.groups.not-granted"},
			Gaps:    []string{"nonconformant"},
			Install: createGrantsGroups,
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

// createGrantsGroups shows new users in the groups that came with them.
func createGrantsGroups(config *acme.Config) {
	var granted sync.Map // lists of users' ids by group
	onCreate(func(c *acme.Change) {
		for _, group := range model.Objects(c.Body["groups"]) {
			held, _ := granted.Load(group["value"])
			granted.Store(group["value"], append(slices.Clone(list(held)), c.ID))
		}
	})(config)
	onRead(func(r *acme.Read) {
		held, _ := granted.Load(r.Current.Text("id"))
		for _, id := range list(held) {
			r.Current["members"] = append(list(r.Current["members"]), map[string]any{"value": id, "type": acme.TypeUser})
		}
	})(config)
}
