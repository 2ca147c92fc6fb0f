package defects

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// bulkJobs are the defects of how a Bulk is read and carried out.
func bulkJobs() []Defect {
	undelivered := []string{"declared-not-delivered bulk"}
	return []Defect{
		{
			Name:    "bulk-post-without-bulk-id",
			Summary: "A POST in a Bulk is carried out without a bulkId.",
			Checks:  []string{"bulk.id.required"},
			Gaps:    undelivered,
			Install: onBulkRequest(func(body map[string]any) {
				for i, o := range model.Objects(body["Operations"]) {
					if o["method"] == http.MethodPost && o["bulkId"] == nil {
						o["bulkId"] = fmt.Sprint("unnamed-", i)
					}
				}
			}),
		},
		{
			Name:    "bulk-ends-with-first-error",
			Summary: "A Bulk ends with the first error, though the client did not ask for that.",
			Checks:  []string{"bulk.failed"},
			Gaps:    undelivered,
			Install: onBulkRequest(func(body map[string]any) { body["failOnErrors"] = 1 }),
		},
		{
			Name:    "bulk-fail-on-errors-ignored",
			Summary: "failOnErrors is ignored: a Bulk goes on after more errors than it names.",
			Checks:  []string{"bulk.fail-on-errors"},
			Gaps:    undelivered,
			Install: onBulkRequest(func(body map[string]any) { delete(body, "failOnErrors") }),
		},
		{
			Name:    "bulk-creates-refused",
			Summary: "A user who is created without trouble alone is refused in a Bulk.",
			Checks:  []string{"bulk.effects", "bulk.references.members", "bulk.references.extension"},
			Gaps:    undelivered,
			Install: inBulks(func(c *acme.Change) {
				if c.Method == http.MethodPost {
					c.Err = &acme.Error{Status: http.StatusForbidden, Detail: "no users are created in a Bulk"}
				}
			}),
		},
		{
			Name:    "bulk-patch-message-refused",
			Summary: "A PATCH in a Bulk is refused if its data is a PatchOp message.",
			Checks:  []string{"bulk.patch"},
			Gaps:    undelivered,
			Install: inBulks(func(c *acme.Change) {
				if c.Method == http.MethodPatch {
					c.Err = model.BadRequest("invalidSyntax", "data must be a list of operations")
				}
			}),
		},
		{
			Name:    "bulk-references-kept-as-text",
			Summary: "A new group in a Bulk has the bulkId of its member as the member's value.",
			Checks:  []string{"bulk.references.members", "bulk.references.circular"},
			Gaps:    undelivered,
			Install: groupsInBulk(http.MethodPost, func(c *acme.Change) {
				for _, m := range model.Objects(c.After["members"]) {
					m["value"] = "bulkId:of-somebody"
				}
			}),
		},
		{
			Name:    "bulk-circles-half-made",
			Summary: "Of two groups in a Bulk that contain each other, one is left without the other.",
			Checks:  []string{"bulk.references.circular"},
			Gaps:    undelivered,
			Install: groupsInBulk(http.MethodPatch, func(c *acme.Change) { c.Drop = true }),
		},
		{
			Name:    "bulk-managers-dropped",
			Summary: "A new user in a Bulk is stored without the manager.",
			Checks:  []string{"bulk.references.extension"},
			Gaps:    undelivered,
			Install: inBulks(func(c *acme.Change) {
				if part, ok := c.After[model.URNEnterprise].(map[string]any); ok {
					delete(part, "manager")
				}
			}),
		},
		{
			Name:    "bulk-unknown-references-201",
			Summary: "An operation that refers to a bulkId which no other has is answered 201 and not carried out.",
			Checks:  []string{"bulk.references.unknown"},
			Gaps:    undelivered,
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					response, _ := r["response"].(map[string]any)
					if strings.Contains(model.Resource(response).Text("detail"), "bulkId is referred to") {
						r["status"] = "201"
						delete(r, "response")
					}
				}
			}),
		},
		{
			Name:    "bulk-versions-refused-and-applied",
			Summary: "An operation in a Bulk that has a version is answered 412 and carried out all the same.",
			Checks:  []string{"bulk.version"},
			Gaps:    undelivered,
			Install: versionsHalfApplied,
		},
		{
			Name:    "bulk-unclaimed-404",
			Summary: "Bulk is not claimed, and is answered 404 instead of 501.",
			Checks:  []string{"bulk.unsupported", "errors.status.unsupported"},
			Gaps:    []string{"nonconformant"},
			Install: both(claims("bulk", "supported", false), refusePath("/Bulk", http.StatusNotFound)),
		},
	}
}

// onBulkRequest alters a Bulk before it is read.
func onBulkRequest(hook func(map[string]any)) func(*acme.Config) {
	return onBody(func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Bulk")
	}, hook)
}

// groupsInBulk alters the changes of groups by one method that come in a Bulk.
func groupsInBulk(method string, hook func(*acme.Change)) func(*acme.Config) {
	return onGroup(method, func(c *acme.Change) {
		if c.InBulk && c.Err == nil {
			hook(c)
		}
	})
}

// versionsHalfApplied takes the version off an operation, and answers as if it had not.
func versionsHalfApplied(config *acme.Config) {
	const mark = "in a Bulk: "
	onBulkRequest(func(body map[string]any) {
		for _, o := range model.Objects(body["Operations"]) {
			if version, ok := o["version"].(string); ok {
				o["version"] = mark + version
			}
		}
	})(config)
	ifMatchHalfApplied(mark)(config)
}
