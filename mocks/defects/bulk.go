package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// bulk are the defects of Bulk (RFC 7644 §3.7).
func bulk() []Defect { return slices.Concat(bulkResults(), bulkJobs()) }

// bulkResults are those of what a Bulk is answered with, and of its effects.
func bulkResults() []Defect {
	return []Defect{
		{
			Name:    "bulk-without-bulk-ids",
			Summary: "The results of a Bulk do not say to which operations they belong.",
			Checks:  []string{"bulk.id.returned"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					delete(r, "bulkId")
				}
			}),
		},
		{
			Name:     "bulk-status-as-object",
			Summary:  "The status of a result is an object with a code.",
			Imitates: "figures of RFC 7644 itself",
			Checks:   []string{"bulk.results"},
			Gaps:     []string{"declared-not-delivered bulk"},
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					r["status"] = map[string]any{"code": r["status"]}
				}
			}),
		},
		{
			Name:    "bulk-status-as-number",
			Summary: "The status of a result is a number.",
			Checks:  []string{"bulk.results"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					if n, ok := number(r["status"]); ok {
						r["status"] = n
					}
				}
			}),
		},
		{
			Name:    "bulk-without-locations",
			Summary: "The result of an operation that made a resource does not say where it is.",
			Checks:  []string{"bulk.results"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					delete(r, "location")
				}
			}),
		},
		{
			Name:    "bulk-errors-without-reasons",
			Summary: "The result of an operation that failed has no error message.",
			Checks:  []string{"bulk.failed"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: onResults(func(results []map[string]any) {
				for _, r := range results {
					delete(r, "response")
				}
			}),
		},
		{
			Name:    "bulk-failures-left-out",
			Summary: "Operations that failed are not among the results.",
			Checks:  []string{"bulk.failed", "bulk.fail-on-errors", "bulk.id.required", "bulk.references.unknown"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: writeReply(func(r *acme.Reply) {
				if isBulk(r) {
					r.Body["Operations"] = slices.DeleteFunc(list(r.Body["Operations"]), func(v any) bool {
						n, _ := number(model.Resource(v.(map[string]any))["status"])
						return n >= http.StatusBadRequest
					})
				}
			}),
		},
		{
			Name:    "bulk-answered-207",
			Summary: "A Bulk is answered 207.",
			Checks:  []string{"bulk.response"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: writeReply(func(r *acme.Reply) {
				if isBulk(r) {
					r.Status = http.StatusMultiStatus
				}
			}),
		},
		{
			Name:     "bulk-deactivation-ignored",
			Summary:  "A deactivation inside a Bulk is answered with success and changes nothing.",
			Imitates: "OneUptime/oneuptime #3852",
			Checks:   append(inForm("bulk"), "bulk.effects"),
			Gaps:     []string{"ignored-silently deactivate", "declared-not-delivered bulk"},
			Install: inBulks(func(c *acme.Change) {
				if c.Before != nil && c.After != nil {
					keep(c, "active")
				}
			}),
		},
		{
			Name:    "bulk-deletion-ignored",
			Summary: "A DELETE inside a Bulk is answered with success and deletes nobody.",
			Checks:  []string{"bulk.effects"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: inBulks(func(c *acme.Change) { c.Drop = c.Drop || c.Method == http.MethodDelete }),
		},
		{
			Name:    "bulk-duplicates-accepted",
			Summary: "A Bulk creates a user whose userName is taken.",
			Checks:  []string{"bulk.failed"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: inBulks(func(c *acme.Change) {
				if c.Err != nil && c.Err.ScimType == "uniqueness" {
					c.Err = nil
				}
			}),
		},
		{
			Name:    "bulk-size-without-limit",
			Summary: "A Bulk with more operations than maxOperations is answered as if it had been carried out.",
			Checks:  []string{"bulk.limits.*"},
			Gaps:    []string{"declared-not-delivered bulk"},
			Install: onStatus(http.StatusRequestEntityTooLarge, func(r *acme.Reply) {
				if strings.HasSuffix(r.Request.URL.Path, "/Bulk") {
					r.Status, r.Body = http.StatusOK, map[string]any{
						"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations": []any{},
					}
				}
			}),
		},
	}
}

func isBulk(r *acme.Reply) bool {
	return r.Status == http.StatusOK && strings.HasSuffix(r.Request.URL.Path, "/Bulk")
}

// onResults alters the results of a Bulk.
func onResults(hook func([]map[string]any)) func(*acme.Config) {
	return writeReply(func(r *acme.Reply) {
		if isBulk(r) {
			hook(model.Objects(r.Body["Operations"]))
		}
	})
}

// inBulks alters the changes of users that come in a Bulk.
func inBulks(hook func(*acme.Change)) func(*acme.Config) {
	return beforeChange(func(c *acme.Change) {
		if c.InBulk && c.Type == acme.TypeUser {
			hook(c)
		}
	})
}
