package querying

import (
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerFilterEmails adds the checks of attributes with parts and with several values.
func registerFilterEmails() {
	// RFC 7644 §3.4.2.2: "only one has to match for the entire User to match".
	It("finds by an attribute with several values who has a matching one among them",
		spec.ID("querying.filter.any-value"), spec.Covers("RFC7644-3.4.2.2-13"), spec.Needs("filter", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSecondAddress(ctx, t)
			t.CheckThat("RFC7644-3.4.2.2-13", clerk+" by their second e-mail address",
				filterFinds(ctx, t, s, `emails.value eq "`+s.home()+`"`), Equal(clerk))
			t.CheckThat("RFC7644-3.4.2.2-13", clerk+" by the type of one e-mail address and the value of another, each compared by itself",
				filterFinds(ctx, t, s, `emails.type eq "work" and emails.value eq "`+s.home()+`"`), Equal(clerk))
		})

	// RFC 7644 §3.4.2.2, table 5: what is in square brackets is said of one and the same value.
	It("applies all that is in square brackets to one value, or refuses such a filter",
		spec.ID("querying.filter.same-value"), spec.Covers("RFC7644-3.4.2.2-12", "RFC7644-3.4.2.2-01"), spec.Needs("filter", "attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSecondAddress(ctx, t)
			mixed := filterFinds(ctx, t, s, `emails[type eq "work" and value eq "`+s.home()+`"]`)
			t.CheckThat("RFC7644-3.4.2.2-01", "nobody by the type of one e-mail address and the value of another in square brackets, or a refusal",
				mixed, Or(Equal(filterNobody), Satisfy(filterRefused)))
			one := filterFinds(ctx, t, s, `emails[type eq "home" and value eq "`+s.home()+`"]`)
			t.CheckThat("RFC7644-3.4.2.2-01", clerk+" by type and value of one e-mail address in square brackets, or a refusal",
				one, Or(Equal(clerk), Satisfy(filterRefused)))
			t.Record("RFC7644-3.4.2.2-12", "a filter with square brackets", one)
		})

	// RFC 7644 §3.4.2.2: "For complex attributes, a fully qualified sub-attribute MUST be specified".
	It("refuses to compare a complex attribute as a whole",
		spec.ID("querying.filter.whole-complex"), spec.Covers("RFC7644-3.4.2.2-14"), spec.Needs("filter", "attribute:name"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			whole := filterAsks(ctx, t, "/Users", `name eq `+filterText(s.find(clerk).Marker))
			t.CheckThat("RFC7644-3.4.2.2-14", "status 400 for a filter that compares name", whole.Status, Equal(http.StatusBadRequest))
			// Examples in circulation compare emails as if it were emails.value.
			bare := filterFinds(ctx, t, s, `emails eq `+filterText(s.find(clerk).Email))
			t.Record("RFC7644-3.4.2.2-14", "a filter that compares emails with an address", bare)
		})
}

// mustSecondAddress is the sample of a service that keeps two e-mail addresses.
func mustSecondAddress(ctx SpecContext, t *spec.T) *sample {
	GinkgoHelper()
	s := mustSample(ctx, t)
	kept := slices.ContainsFunc(s.find(clerk).shown.Objects("emails"), func(e scim.Document) bool {
		return strings.EqualFold(e.Text("value"), s.home()) && e.Text("type") == "home"
	})
	if !kept {
		t.NotTested("The answer to a create with two e-mail addresses does not show the second one with its type.")
	}
	return s
}
