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

func registerTypes() {
	It("lists each type of resource that it serves",
		spec.ID("discovery.types"), spec.Covers("RFC7644-4-04"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := served(ctx, t, typesPath)
			if !t.Prefer("RFC7644-4-04", "status 200", reply.Status, Equal(http.StatusOK)) {
				return
			}
			if !listed(t, "RFC7644-4-04", reply) {
				return
			}
			var unmarked, paths []string
			for _, d := range reply.Doc.Resources() {
				if !has(d.Texts("schemas"), typeSchema) {
					unmarked = append(unmarked, nameOf(d))
				}
				paths = append(paths, strings.Trim(d.Text("endpoint"), "/"))
			}
			t.CheckThat("RFC7644-4-04", "the schema of a ResourceType on each entry", strings.Join(unmarked, ", "), BeEmpty())
			for _, path := range []string{"Users", "Groups"} {
				if !has(paths, path) && serves(ctx, t, "/"+path) {
					t.CheckThat("RFC7644-4-04", "an entry for /"+path+", which is served", paths, ContainElement(path))
				}
			}
		})

	It("shows each type of resource by its address, and none that there is not",
		spec.ID("discovery.types.by-name"), spec.Covers("RFC7644-4-05"), spec.Needs("resource-types"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for i, d := range definitions(ctx, t, typesPath) {
				if i == most {
					break
				}
				// The id of a resource type is optional (RFC 7643 §6), its location is not.
				path, ok := t.SCIM.Below(d.Text("meta", "location"))
				if !ok {
					path = typesPath + "/" + url.PathEscape(d.Text("name"))
				}
				reply := t.Get(ctx, "read a resource type", path)
				t.CheckThat("RFC7644-4-05", "status 200 for the type "+nameOf(d), reply.Status, Equal(http.StatusOK))
				if reply.OK() {
					t.CheckThat("RFC7644-4-05", "the type "+nameOf(d)+" as in the list", reply.Doc.Text("name")+" at "+reply.Doc.Text("endpoint"), Equal(d.Text("name")+" at "+d.Text("endpoint")))
				}
			}
			unknown := t.Get(ctx, "read a type that there is not", typesPath+"/"+nobody)
			t.CheckThat("RFC7644-4-05", "status 404 for a type that there is not", unknown.Status, Equal(http.StatusNotFound))
		})

	It("has an endpoint for each type of resource, where it says",
		spec.ID("discovery.types.endpoints"), spec.Covers("RFC7643-6-01"), spec.Needs("resource-types"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for i, d := range definitions(ctx, t, typesPath) {
				var missing []string
				for _, name := range []string{"name", "endpoint", "schema"} {
					if d.Text(name) == "" {
						missing = append(missing, name)
					}
				}
				t.CheckThat("RFC7643-6-01", "name, endpoint and schema of the type "+nameOf(d), strings.Join(missing, ", "), BeEmpty())
				path, ok := t.SCIM.Below(d.Text("endpoint"))
				if !ok || i >= most {
					continue
				}
				reply := t.Get(ctx, "read the endpoint of a type", path+"?count=1")
				// 403 is for what nobody may list.
				t.CheckThat("RFC7643-6-01", "status 200 from "+d.Text("endpoint"), reply.Status, Or(Equal(http.StatusOK), Equal(http.StatusForbidden)))
			}
		})

	It("serves the schema of each type of resource, and of each extension",
		spec.ID("discovery.types.schemas"), spec.Covers("RFC7643-6-02"), spec.Needs("resource-types", "schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			known := ids(definitions(ctx, t, schemasPath))
			var missing []string
			for _, d := range definitions(ctx, t, typesPath) {
				for _, e := range append(d.Objects("schemaExtensions"), d) {
					if s := e.Text("schema"); s != "" && !has(known, s) && !has(missing, s) {
						missing = append(missing, s)
					}
				}
			}
			t.CheckThat("RFC7643-6-02", "no schema that /Schemas does not have", strings.Join(missing, ", "), BeEmpty())
		})
}

// nameOf names a definition to a reader.
func nameOf(d scim.Document) string {
	for _, name := range []string{"name", "id"} {
		if text := d.Text(name); text != "" {
			return text
		}
	}
	return "without a name"
}

func ids(list []scim.Document) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Text("id"))
	}
	return out
}

// listed checks that a reply is a ListResponse with all of its resources.
func listed(t *spec.T, requirement string, r *scim.Reply) bool {
	GinkgoHelper()
	if !t.CheckThat(requirement, "a ListResponse", r.Doc.Texts("schemas"), ContainElement(urn(scim.ListSchema))) {
		return false
	}
	total, _ := r.Doc.Int("totalResults")
	shown := len(r.Doc.Resources())
	return t.CheckThat(requirement, "totalResults, and as many Resources, at least one", fmt.Sprintf("totalResults %d, Resources %d", total, shown),
		And(Equal(fmt.Sprintf("totalResults %d, Resources %d", shown, shown)), Not(ContainSubstring("Resources 0"))))
}

// serves reports whether an endpoint answers with a list.
func serves(ctx SpecContext, t *spec.T, path string) bool {
	GinkgoHelper()
	reply := t.Get(ctx, "look for an endpoint that is not listed", path+"?count=1")
	return reply.OK() && has(reply.Doc.Texts("schemas"), scim.ListSchema)
}
