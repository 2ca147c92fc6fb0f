package discovery

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// What is claimed and does not work is found by the checks of each feature.
func registerClaims() {
	It("names limits that can be reached, and denies nothing that it does",
		spec.ID("discovery.config.claims"), spec.Covers("RFC7643-5-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			config := mustConfig(ctx, t)
			results, hasResults := config.Int("filter", "maxResults")
			page, hasPage := config.Int("pagination", "maxPageSize")
			if hasResults && hasPage && page > 0 {
				// A client that takes the larger one for the size of a page waits in vain for a full one.
				t.Prefer("RFC7643-5-05", fmt.Sprintf("filter.maxResults within pagination.maxPageSize, which is %d", page), results, BeNumerically("<=", page))
			}
			denied := 0
			for _, f := range deniable {
				if t.Features.Gate(ctx, f.gate).Open {
					denied++
					reply := t.Do(ctx, "try what is denied", f.request)
					t.Record("RFC7643-5-05", f.what+", which ServiceProviderConfig denies", f.seen(reply))
				}
			}
			if denied == 0 {
				t.Record("RFC7643-5-05", "what ServiceProviderConfig denies", "nothing that could be tried")
			}
		})

	It("says how a list is paged through",
		spec.ID("discovery.config.pagination"), spec.Covers("RFC9865-4-01"), spec.Needs("pagination"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			config := mustConfig(ctx, t)
			for _, name := range []string{"cursor", "index"} {
				value, _ := config.Get("pagination", name)
				t.CheckThat("RFC9865-4-01", "pagination."+name+" as true or false", value, BeAssignableToTypeOf(true))
			}
			for _, name := range []string{"defaultPageSize", "maxPageSize", "cursorTimeout"} {
				if value, there := config.Get("pagination", name); there {
					t.CheckThat("RFC9865-4-01", "pagination."+name+" as a positive integer", value, integer(1))
				}
			}
			if value, there := config.Get("pagination", "defaultPaginationMethod"); there {
				t.CheckThat("RFC9865-4-01", "pagination.defaultPaginationMethod cursor or index", value, Or(Equal("cursor"), Equal("index")))
			}
		})

	// Absent means unsupported; what is there is to be understood.
	It("says of security events what a receiver can read",
		spec.ID("discovery.config.events"), spec.Covers("RFC9967-4-01", "RFC7643-5-05"), spec.Needs("security-events"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			config := mustConfig(ctx, t)
			async, _ := config.Get("securityEvents", "asyncRequest")
			if async != nil {
				t.CheckThat("RFC7643-5-05", "securityEvents.asyncRequest none, long or request", async, Or(Equal("none"), Equal("long"), Equal("request")))
			}
			uris, _ := config.Get("securityEvents", "eventUris")
			list, isList := uris.([]any)
			if uris != nil {
				t.CheckThat("RFC7643-5-05", "securityEvents.eventUris as a list of texts", uris, WithTransform(func(any) bool {
					return isList && len(config.Texts("securityEvents", "eventUris")) == len(list)
				}, BeTrue()))
			}
			raw, _ := json.Marshal(map[string]any{"asyncRequest": async, "eventUris": uris}) //nolint:errchkjson // It came as JSON.
			t.Record("RFC9967-4-01", "what ServiceProviderConfig says of security events", string(raw))
		})
}

// deniable are features that can be tried without anything coming of it.
var deniable = []struct {
	gate, what string
	request    scim.Request
	seen       func(*scim.Reply) string
}{
	{"no-patch", "PATCH", scim.Request{Method: http.MethodPatch, Path: "/Users/" + nobody, Body: scim.PatchOp(spec.Replace("title", "x"))}, func(r *scim.Reply) string {
		return worksIf(r.Status == http.StatusNotFound && r.Doc.Text("status") == "404", r)
	}},
	{"no-bulk", "Bulk", scim.Request{Method: http.MethodPost, Path: "/Bulk", Body: scim.Document{
		"schemas": []any{scim.BulkSchema}, "Operations": []any{map[string]any{"method": http.MethodDelete, "path": "/Users/" + nobody}},
	}}, func(r *scim.Reply) string { return worksIf(r.OK(), r) }},
	{"no-filter", "a filter", scim.Request{Method: http.MethodGet, Path: "/Users?" + url.Values{"filter": {`userName eq "` + nobody + `"`}}.Encode()}, func(r *scim.Reply) string {
		total, ok := r.Doc.Int("totalResults")
		return worksIf(r.OK() && ok && total == 0, r)
	}},
	{"no-sort", "sorting", scim.Request{Method: http.MethodGet, Path: "/Users?sortBy=userName&sortOrder=descending&count=2"}, func(r *scim.Reply) string {
		list := r.Doc.Resources()
		return worksIf(len(list) == 2 && strings.ToLower(list[0].Text("userName")) > strings.ToLower(list[1].Text("userName")), r)
	}},
}

// worksIf says whether a feature seems to work.
func worksIf(it bool, r *scim.Reply) string {
	if it {
		return fmt.Sprintf("works all the same (status %d)", r.Status)
	}
	return fmt.Sprintf("does not work (status %d)", r.Status)
}
