package discovery

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerSchemas() {
	It("lists the schemas of what it serves",
		spec.ID("discovery.schemas"), spec.Covers("RFC7644-4-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := served(ctx, t, schemasPath)
			if t.Prefer("RFC7644-4-02", "status 200", reply.Status, Equal(http.StatusOK)) {
				listed(t, "RFC7644-4-02", reply)
			}
		})

	It("shows each schema by its URN",
		spec.ID("discovery.schemas.by-urn"), spec.Covers("RFC7644-4-03"), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			list := definitions(ctx, t, schemasPath)
			for i, d := range list[:min(most, len(list))] {
				reply := t.Get(ctx, "read a schema", schemasPath+"/"+d.Text("id"))
				if i == 0 {
					reply = encoded(ctx, t, d, reply)
				}
				if t.CheckThat("RFC7644-4-03", "status 200 for "+d.Text("id"), reply.Status, Equal(http.StatusOK)) {
					t.CheckThat("RFC7644-4-03", "the id "+d.Text("id"), reply.Doc.Text("id"), urn(d.Text("id")))
					t.CheckThat("RFC7644-4-03", "the attributes of "+d.Text("id")+" as in the list", difference(outline(d), outline(reply.Doc)), BeEmpty())
				}
			}
		})

	It("serves the schema of whatever it shows",
		spec.ID("discovery.schemas.used"), spec.Covers("RFC7643-7-01"), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			known := ids(definitions(ctx, t, schemasPath))
			for _, f := range filledResources(ctx, t) {
				var missing []string
				for _, s := range f.read.Doc.Texts("schemas") {
					if !has(known, s) {
						missing = append(missing, s)
					}
				}
				t.CheckThat("RFC7643-7-01", "no schema of a "+f.kind.name+" that /Schemas does not have", strings.Join(missing, ", "), BeEmpty())
			}
		})
}

// encoded asks for a schema once more with its colons encoded, which is the same address (RFC
// 3986 §6.2.2.2), and returns the better answer: one of the two is enough.
func encoded(ctx SpecContext, t *spec.T, d scim.Document, plain *scim.Reply) *scim.Reply {
	GinkgoHelper()
	reply := t.Get(ctx, "read a schema, its URN encoded", schemasPath+"/"+strings.ReplaceAll(url.PathEscape(d.Text("id")), ":", "%3A"))
	if plain.OK() != reply.OK() {
		t.Prefer("RFC7644-4-03", "the same schema whether or not the colons of its URN are encoded",
			fmt.Sprintf("status %d plain, %d encoded", plain.Status, reply.Status), BeEmpty())
	}
	if plain.OK() {
		return plain
	}
	return reply
}

// outline lists what a schema says, a line for each attribute, in an order of its own.
func outline(d scim.Document) []string {
	var lines []string
	var walk func(prefix string, list []scim.Attribute)
	walk = func(prefix string, list []scim.Attribute) {
		for _, a := range list {
			lines = append(lines, fmt.Sprintf("%s%s: %s, multiValued %t, required %t, caseExact %t, %s, %s, %s",
				prefix, a.Name, a.Type, a.MultiValued, a.Required, a.CaseExact, a.Mutability, a.Returned, a.Uniqueness))
			walk(prefix+a.Name+".", a.Sub)
		}
	}
	walk("", scim.SchemaOf(d).Attributes)
	slices.Sort(lines)
	return lines
}

// difference tells what only one of two outlines has.
func difference(list, other []string) string {
	var d misses
	for _, line := range list {
		if !slices.Contains(other, line) {
			d.add("only in the list %s", line)
		}
	}
	for _, line := range other {
		if !slices.Contains(list, line) {
			d.add("only by its URN %s", line)
		}
	}
	return d.String()
}
