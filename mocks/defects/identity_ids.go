package defects

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// identified are the defects of ids and externalIds (RFC 7643 §3.1).
func identified() []Defect {
	return []Defect{
		{
			Name:    "group-ids-of-users",
			Summary: "A new group gets the id of the user who was created last.",
			Checks:  []string{"users.identity.distinct", "groups.external-id", "groups.nested", "groups.member-deactivated", "groups.member-deleted", "groups.deleted"},
			Gaps:    []string{"nonconformant", "declared-not-delivered patch"},
			Install: func(config *acme.Config) {
				var last atomic.Value
				beforeChange(func(c *acme.Change) {
					switch id, known := last.Load().(string); {
					case c.Method != http.MethodPost || c.Err != nil:
					case c.Type == acme.TypeUser:
						last.Store(c.ID)
					case known:
						c.ID = id
					}
				})(config)
			},
		},
		{
			Name:    "ids-with-bulk-id",
			Summary: "Ids begin with bulkId, the word by which a Bulk refers to what it has just made.",
			Checks:  []string{"users.identity.reserved-word"},
			Gaps:    []string{"nonconformant"},
			Install: newIDs("bulkId-"),
		},
		{
			Name:     "id-moves-with-the-name",
			Summary:  "A user who gets another userName is shown with another id.",
			Imitates: "products whose id is the userName or the e-mail address",
			Checks:   []string{"users.identity.stable"},
			Gaps:     []string{"nonconformant"},
			Install: func(config *acme.Config) {
				var renamed ids
				onUser(func(c *acme.Change) {
					if c.Before != nil && !strings.EqualFold(c.Before.Text("userName"), c.After.Text("userName")) {
						renamed.set(c.ID, true)
					}
				})(config)
				onResources(func(resource map[string]any) {
					if id := model.Resource(resource).Text("id"); renamed.has(id) {
						resource["id"] = id + "-2"
					}
				})(config)
			},
		},
		{
			Name:    "ids-ignore-letter-case",
			Summary: "An id, which is no UUID, is known in any letter case.",
			Checks:  []string{"users.identity.letter-case"},
			Gaps:    []string{"nonconformant"},
			Install: both(newIDs("0oa"), onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if path, id, ok := strings.Cut(r.URL.Path, "/scim/v2/Users/"); ok && path == "" && !strings.HasPrefix(id, ".") {
					r.URL.Path = "/scim/v2/Users/" + strings.ToLower(id)
				}
				return false
			})),
		},
		{
			Name:    "external-id-for-life",
			Summary: "A new externalId of a user is answered 200 and not stored.",
			Checks:  []string{"users.identity.external-id.changed"},
			Gaps:    []string{"nonconformant"},
			Install: onUser(func(c *acme.Change) {
				if c.Before.Text("externalId") != "" {
					keep(c, "externalId")
				}
			}),
		},
	}
}

// newIDs gives new resources ids with a beginning of their own.
func newIDs(prefix string) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.Method == http.MethodPost {
			c.ID = prefix + strings.ReplaceAll(uuid.NewString(), "-", "")
		}
	})
}
