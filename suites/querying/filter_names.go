package querying

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerFilterAttributes adds the checks of which attributes there are.
func registerFilterAttributes() {
	// RFC 7644 §3.4.2.2: "Attribute names and attribute operators used in filters are case insensitive."
	It("takes the names of attributes in any letter case",
		spec.ID("querying.filter.name-case"), spec.Covers("RFC7644-3.4.2.2-03"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			judged := filterByNotation(ctx, t, s, "RFC7644-3.4.2.2-03", []filterNotation{
				{`TITLE eq "{KEY} manager"`, `title eq "{KEY} manager"`},
				{`USERNAME eq {NAME}`, `userName eq {NAME}`},
			})
			if family := filterText(s.find(clerk).shown.Text("name", "familyName")); family != `""` {
				came := filterFinds(ctx, t, s, `NAME.FAMILYNAME eq `+family)
				if !filterRefused(came) || !filterUnknown(ctx, t, s, `name.familyName eq `+family) {
					judged = true
					t.CheckThat("RFC7644-3.4.2.2-03", clerk+" by a filter on NAME.FAMILYNAME", came, Equal(clerk))
				}
			}
			if !judged {
				t.NotTested("The service refuses these filters with the names as everybody writes them, too, which is the matter of other checks.")
			}
		})

	It("finds by schemas no one but users with that schema, or refuses it",
		spec.ID("querying.filter.schemas"), spec.Covers("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-01"), spec.Needs("filter", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			var with []string
			for _, p := range s.people {
				if hasSchema(p.shown, scim.EnterpriseSchema) && p.role != leaver {
					with = append(with, p.role)
				}
			}
			if len(with) == 0 {
				t.NotTested("The answer to a create shows no user with the enterprise extension.")
			}
			came := filterFinds(ctx, t, s, `displayName sw "Scimproof {KEY}" and schemas eq "`+scim.EnterpriseSchema+`"`)
			t.CheckThat("RFC7644-3.4.2.2-01", filterNamed(with)+" by a filter on schemas, or a refusal",
				came, Or(Equal(filterNamed(with)), Satisfy(filterRefused)))
			t.Record("RFC7644-3.4.2.2-16", "a filter on schemas", came)
		})

	It("finds nobody by an attribute that no schema has, or refuses it",
		spec.ID("querying.filter.unknown-attribute"), spec.Covers("RFC7644-3.4.2.2-22", "RFC7644-3.4.2.2-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			came := filterFinds(ctx, t, s, `scimproofUnknown eq "{KEY}"`)
			t.CheckThat("RFC7644-3.4.2.2-01", "nobody by an attribute that there is not, or a refusal", came, Or(Equal(filterNobody), Satisfy(filterRefused)))
			t.Record("RFC7644-3.4.2.2-22", "a filter on an attribute that no schema has", came)
		})
}

// registerFilterExtension adds the check of attributes that only an extension has.
func registerFilterExtension() {
	It("finds by an attribute of the enterprise extension",
		spec.ID("querying.filter.extension"), spec.Covers("RFC7644-3.4.2.2-15"), spec.Needs("filter", "enterprise"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			if s.find(clerk).shown.Text(scim.EnterpriseSchema, "employeeNumber") == "" {
				t.NotTested("A user who is created with an employeeNumber is shown without it, which is the matter of another check.")
			}
			ask := filterAsk{scim.EnterpriseSchema + `:employeeNumber eq "{KEY}-1"`, []string{clerk}}
			filterExpect(t, "RFC7644-3.4.2.2-15", ask, filterFinds(ctx, t, s, ask.filter))
		})
}

// hasSchema reports whether a resource lists the schema with the URN.
func hasSchema(resource scim.Document, urn string) bool {
	for _, listed := range resource.Texts("schemas") {
		if strings.EqualFold(listed, urn) {
			return true
		}
	}
	return false
}
