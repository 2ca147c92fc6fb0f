package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// put are the defects of PUT (RFC 7644 §3.5.1).
func put() []Defect {
	return []Defect{
		{
			Name:    "put-creates",
			Summary: "A PUT of an id that nobody has creates a user.",
			Checks:  []string{"users.deleted.every-operation", "replacing.unknown", "bulk.fail-on-errors"},
			Gaps:    []string{"nonconformant", "declared-not-delivered bulk"},
			Install: onPut(func(c *acme.Change) {
				if c.Err == nil || c.Err.Status != http.StatusNotFound {
					return
				}
				if doc, err := model.SchemaOf(c.Type).Admit(c.Body); err == nil {
					c.After, c.Err = doc, nil
				}
			}),
		},
		{
			Name:    "put-null-keeps",
			Summary: "A null in a PUT does not clear the attribute.",
			Checks:  []string{"replacing.cleared", "users.model.null.put"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) {
				for name, value := range c.Body {
					if value == nil && c.After != nil {
						keep(c, name)
					}
				}
			}),
		},
		{
			Name:    "put-blanks-password",
			Summary: "A PUT without a password takes the stored one away.",
			Checks:  []string{"replacing.password"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) {
				if c.Type == acme.TypeUser && c.After != nil && c.After["password"] == nil {
					c.After["password"] = ""
				}
			}),
		},
		{
			Name:    "put-drops-extension",
			Summary: "A PUT stores the core of a user and not the enterprise extension.",
			Checks:  []string{"replacing.extension"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) { delete(c.After, model.URNEnterprise) }),
		},
		{
			Name:    "put-without-username-200",
			Summary: "A PUT without the required userName is answered 200 and does nothing.",
			Checks:  []string{"replacing.required"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) {
				if c.Err != nil && c.Body["userName"] == nil {
					forgives("invalidValue")(c)
				}
			}),
		},
		{
			Name:    "put-taken-username-200",
			Summary: "A PUT gives a user the userName of another.",
			Checks:  []string{"users.username.unique.put", "replacing.taken-name"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) {
				if c.Err != nil && c.Err.ScimType == "uniqueness" {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "put-immutable-200",
			Summary: "A PUT that changes what is immutable is answered 200 and does nothing.",
			Checks:  []string{"replacing.immutable"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(forgives("mutability")),
		},
		{
			Name:    "put-adds-members",
			Summary: "A PUT of a group adds members and takes none out.",
			Checks:  append(takenOut("put"), "replacing.members"),
			Gaps:    []string{"ignored-silently remove-member", "nonconformant"},
			Install: onPut(func(c *acme.Change) {
				if c.Type == acme.TypeGroup && c.After != nil {
					model.SetList(c.After, "members", slices.Concat(list(c.Before["members"]), list(c.After["members"])))
				}
			}),
		},
		{
			Name:     "put-groups-changes-memberships",
			Summary:  "A PUT of a user without groups takes them out of the groups that they are in.",
			Imitates: "a papercut of several servers, where leaving groups out drops memberships",
			Checks:   []string{"users.groups.kept", "replacing.memberships"},
			Gaps:     []string{"nonconformant"},
			Install:  putLeavesGroups,
		},
		{
			Name:    "put-answers-204",
			Summary: "A PUT is answered 204 without the resource.",
			Checks:  []string{"replacing.answer"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodPut && r.Status == http.StatusOK {
					r.Status, r.Body = http.StatusNoContent, nil
				}
			}),
		},
		{
			Name:    "put-merges-lists",
			Summary: "A PUT adds to the e-mail addresses that are stored, and takes none away.",
			Checks:  []string{"replacing.values"},
			Gaps:    []string{"nonconformant"},
			Install: onPut(func(c *acme.Change) {
				for _, old := range list(c.Before["emails"]) {
					if c.After != nil && !slices.ContainsFunc(list(c.After["emails"]), func(e any) bool { return model.Same(e, old) }) {
						address := model.Resource(old.(map[string]any)).Clone()
						address["primary"] = false
						c.After["emails"] = append(list(c.After["emails"]), map[string]any(address))
					}
				}
			}),
		},
		{
			Name:    "put-changes-created",
			Summary: "A PUT with another meta.created changes when the user was created.",
			Checks:  []string{"replacing.read-only", "users.model.meta.client"},
			Gaps:    []string{"nonconformant"},
			Install: putChangesCreated,
		},
		{
			Name:    "put-follows-body-id",
			Summary: "A PUT changes the user whose id is in the body, whoever is in the address.",
			Checks:  []string{"replacing.other-id"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/Users/") {
					if id := model.Resource(peek(r)).Text("id"); id != "" {
						r.URL.Path = r.URL.Path[:strings.LastIndex(r.URL.Path, "/")+1] + id
					}
				}
				return false
			}),
		},
	}
}

func onPut(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Method == http.MethodPut {
			hook(c)
		}
	})
}

// putLeavesGroups hides members from whom a PUT has taken their groups.
func putLeavesGroups(config *acme.Config) {
	var left ids
	onPut(func(c *acme.Change) {
		if c.Type == acme.TypeUser && c.Err == nil && c.Body["groups"] == nil {
			left.set(c.ID, true)
		}
	})(config)
	beforeChange(func(c *acme.Change) {
		if c.Type == acme.TypeGroup { // whoever is written into a group is in it again
			for _, m := range list(c.After["members"]) {
				left.set(model.Resource(m.(map[string]any)).Text("value"), false)
			}
		}
	})(config)
	onRead(func(r *acme.Read) {
		if r.Type == acme.TypeGroup && r.Current != nil {
			model.SetList(r.Current, "members", slices.DeleteFunc(list(r.Current["members"]), func(m any) bool {
				return left.has(model.Resource(m.(map[string]any)).Text("value"))
			}))
		}
	})(config)
}

// putChangesCreated shows the creation that a client has sent.
func putChangesCreated(config *acme.Config) {
	var sent sync.Map // by the user's id
	onPut(func(c *acme.Change) {
		if created := model.Resource(c.Body).Text("meta", "created"); created != "" && c.Err == nil {
			sent.Store(c.ID, created)
		}
	})(config)
	onResources(func(resource map[string]any) {
		meta, _ := resource["meta"].(map[string]any)
		if created, ok := sent.Load(resource["id"]); ok && meta != nil {
			meta["created"] = created
		}
	})(config)
}
