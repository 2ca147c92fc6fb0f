package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// modelIdentities are further defects of ids, schemas and meta.
func modelIdentities() []Defect {
	return slices.Concat(modelIDs(), modelSchemas(), modelMetas())
}

func modelIDs() []Defect {
	return []Defect{
		{
			Name:    "ids-with-bulk-id",
			Summary: "The ids of new users contain the reserved word bulkId.",
			Checks:  []string{"users.identity.ids"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) { c.ID = "bulkId-" + c.ID }),
		},
		{
			Name:    "groups-share-ids-with-users",
			Summary: "A new group gets the id of its first member.",
			Checks:  []string{"users.identity.across-types"},
			Gaps:    []string{"nonconformant"},
			Install: beforeChange(func(c *acme.Change) {
				if members := model.Objects(c.Body["members"]); c.Type == acme.TypeGroup && c.Method == http.MethodPost && len(members) > 0 {
					c.ID = model.Resource(members[0]).Text("value")
				}
			}),
		},
		{
			Name:    "put-answers-another-id",
			Summary: "The answer to a PUT shows the user with an id of no one.",
			Checks:  []string{"users.identity.stable", "users.read.as-answered", "querying.projection.writes"},
			Gaps:    []string{"nonconformant"},
			Install: writeReply(func(r *acme.Reply) {
				if r.Request.Method == http.MethodPut && r.Status == http.StatusOK && r.Body["userName"] != nil {
					r.Body["id"] = uuid.NewString()
				}
			}),
		},
		{
			Name:    "ids-in-any-letter-case",
			Summary: "A user is read by the id in any letter case.",
			Checks:  []string{"users.identity.letter-case"},
			Gaps:    []string{"nonconformant"},
			Install: onRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				if before, id, found := strings.Cut(r.URL.Path, "/Users/"); found && isSCIM(r) && uuid.Validate(id) == nil {
					r.URL.Path = before + "/Users/" + strings.ToLower(id)
				}
				return false
			}),
		},
	}
}

func modelSchemas() []Defect {
	return []Defect{
		{
			Name:    "schemas-of-groups-shown",
			Summary: "A user who is shown alone names the schema of groups, too.",
			Checks:  []string{"users.schemas.shown"},
			Gaps:    []string{"nonconformant"},
			Install: onSingle(func(resource map[string]any) {
				resource["schemas"] = append(slices.Clone(list(resource["schemas"])), model.URNGroup)
			}),
		},
		{
			Name:    "schemas-not-needed",
			Summary: "A new user without schemas, or with those of extensions alone, is taken for a user.",
			Checks:  []string{"users.schemas.missing"},
			Gaps:    []string{"nonconformant"},
			Install: onRefusedCreate(func(c *acme.Change) {
				if !slices.Contains(list(c.Body["schemas"]), any(model.URNGroup)) && !slices.Contains(list(c.Body["schemas"]), any(model.URNUser)) {
					admitInstead(c, func(body map[string]any) { body["schemas"] = []any{model.URNUser} })
				}
			}),
		},
		{
			Name:    "schemas-as-sent",
			Summary: "A schema that a new user names twice is stored twice.",
			Checks:  []string{"users.schemas.twice"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if sent := list(c.Body["schemas"]); len(sent) == 2 && sent[0] == sent[1] {
					c.After["schemas"] = sent
				}
			}),
		},
		{
			Name:    "schemas-base-first",
			Summary: "A new user whose schemas do not begin with that of users is refused.",
			Checks:  []string{"users.schemas.order"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				if sent := list(c.Body["schemas"]); sent[0] != model.URNUser {
					c.Err = model.BadRequest("invalidSyntax", "schemas must begin with %s", model.URNUser)
				}
			}),
		},
		{
			Name:    "schemas-unknown-shown",
			Summary: "A new user with a schema that is unknown is shown with it.",
			Checks:  []string{"users.schemas.unknown"},
			Gaps:    []string{"nonconformant"},
			Install: onCreate(func(c *acme.Change) {
				for _, urn := range list(c.Body["schemas"]) {
					if text, _ := urn.(string); strings.HasPrefix(text, "urn:scimproof:") {
						c.After["schemas"] = append(list(c.After["schemas"]), urn)
					}
				}
			}),
		},
	}
}

func modelMetas() []Defect {
	return []Defect{
		{
			Name:    "meta-without-created",
			Summary: "A user who is shown alone has no meta.created.",
			Checks:  []string{"users.meta.complete"},
			Gaps:    []string{"nonconformant"},
			Install: onSingle(func(resource map[string]any) { delete(metaOf(resource), "created") }),
		},
		{
			Name:    "last-modified-after-creation",
			Summary: "meta.lastModified of a new user is five seconds after meta.created.",
			Checks:  []string{"users.meta.untouched"},
			Gaps:    []string{"nonconformant"},
			Install: onSingle(func(resource map[string]any) {
				meta := metaOf(resource)
				if at, ok := moment(meta["lastModified"]); ok {
					meta["lastModified"] = at.Add(5 * time.Second).Format(time.RFC3339Nano)
				}
			}),
		},
		{
			Name:    "put-believes-meta",
			Summary: "After a PUT a user has the meta.created that the client sent.",
			Checks:  []string{"users.meta.sent"},
			Gaps:    []string{"nonconformant"},
			Install: putBelievesMeta,
		},
	}
}

func metaOf(resource map[string]any) map[string]any {
	meta, _ := resource["meta"].(map[string]any)
	return meta
}

// putBelievesMeta shows created as clients have it.
func putBelievesMeta(config *acme.Config) {
	var created sync.Map
	onUser(func(c *acme.Change) {
		if at := model.Resource(c.Body).Text("meta", "created"); at != "" && c.Method == http.MethodPut {
			created.Store(c.ID, at)
		}
	})(config)
	onResources(func(resource map[string]any) {
		if at, known := created.Load(resource["id"]); known && metaOf(resource) != nil {
			metaOf(resource)["created"] = at
		}
	})(config)
}
