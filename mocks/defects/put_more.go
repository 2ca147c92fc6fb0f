package defects

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// answered are the defects of how a PUT is answered, and of what it must not do.
func answered() []Defect {
	return []Defect{
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
