package discovery

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerQueries() {
	// RFC 7644 §4: a client must not take what is left for what matches.
	It("refuses a filter on what it says of itself",
		spec.ID("discovery.filter"), spec.Covers("RFC7644-4-06"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, e := range []struct{ path, filter string }{{configPath, "patch pr"}, {typesPath, "name pr"}, {schemasPath, "id pr"}} {
				if !served(ctx, t, e.path).OK() {
					t.Record("RFC7644-4-06", "a filter on "+e.path, "is not tried, as the endpoint does not answer")
					continue
				}
				reply := t.Get(ctx, "filter definitions", e.path+"?"+url.Values{"filter": {e.filter}}.Encode())
				t.CheckThat("RFC7644-4-06", "status 403 for a filter on "+e.path, reply.Status, Equal(http.StatusForbidden))
			}
		})

	It("shows all of what it says of itself, whatever page or order is asked for",
		spec.ID("discovery.paging"), spec.Covers("RFC7644-4-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			seen := 0
			for _, path := range []string{typesPath, schemasPath} {
				all := definitions(ctx, t, path)
				if len(all) == 0 {
					continue
				}
				seen++
				reply := t.Get(ctx, "ask for the second page", path+"?startIndex=2&count=1&sortBy=id&sortOrder=descending")
				total, _ := reply.Doc.Int("totalResults")
				t.CheckThat("RFC7644-4-07", fmt.Sprintf("all %d entries of %s", len(all), path),
					fmt.Sprintf("status %d, %d entries, totalResults %d", reply.Status, len(reply.Doc.Resources()), total),
					Equal(fmt.Sprintf("status 200, %d entries, totalResults %d", len(all), len(all))))
			}
			if seen == 0 {
				t.NotTested("Neither schemas nor resource types are listed.")
			}
		})

	// The writes are such as would change nothing that matters, should one be carried out.
	It("lets nobody change what it says of itself",
		spec.ID("discovery.unchangeable"), spec.Covers("RFC7644-4-08"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			config := mustConfig(ctx, t)
			writes := []scim.Request{
				{Method: http.MethodPut, Path: configPath, Body: config},
				{Method: http.MethodPatch, Path: configPath, Body: scim.PatchOp(spec.Replace("patch", config["patch"]))},
				{Method: http.MethodDelete, Path: configPath},
			}
			for _, path := range []string{typesPath, schemasPath} {
				if all := definitions(ctx, t, path); len(all) > 0 {
					one := path + "/" + all[0].Text("id")
					writes = append(writes, scim.Request{Method: http.MethodPost, Path: path, Body: all[0]}, scim.Request{Method: http.MethodPut, Path: one, Body: all[0]})
				}
			}
			for _, w := range writes {
				reply := t.Do(ctx, "write what is not to be written", w)
				t.CheckThat("RFC7644-4-08", "status 4xx or 501 for "+w.Method+" "+w.Path, reply.Status, Or(And(BeNumerically(">=", 400), BeNumerically("<", 500)), Equal(http.StatusNotImplemented)))
			}
			after := t.Get(ctx, "read back", configPath)
			t.CheckThat("RFC7644-4-08", "ServiceProviderConfig as before", claims(after.Doc), Equal(claims(config)))
		})
}

// claims sums up what a ServiceProviderConfig says.
func claims(config scim.Document) string {
	var list []string
	for _, feature := range []string{"patch", "bulk", "filter", "changePassword", "sort", "etag"} {
		value, _ := config.Get(feature, "supported")
		list = append(list, fmt.Sprintf("%s %v", feature, value))
	}
	return strings.Join(list, ", ")
}
