package querying

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// registerFilterLiterals adds the checks of the values that a filter compares with: JSON
// literals by the grammar of RFC 7644 §3.4.2.2.
func registerFilterLiterals() {
	It("reads true and false as Booleans",
		spec.ID("querying.filter.literals"), spec.Covers("RFC7644-3.4.2.2-20"), spec.Needs("filter", "attribute:active"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustInactive(ctx, t)
			both := `(userName eq ` + filterText(s.find(clerk).UserName) + ` or userName eq ` + filterText(s.find(leaver).UserName) + `) and `
			t.CheckThat("RFC7644-3.4.2.2-20", "of an active and an inactive user the active one by active eq true",
				filterFinds(ctx, t, s, both+`active eq true`), Equal(clerk))
			t.Record("RFC7644-3.4.2.2-20", `active eq "true", of an active and an inactive user`, filterFinds(ctx, t, s, both+`active eq "true"`))
			bare := filterAsks(ctx, t, "/Users", `externalId eq `+s.find(clerk).ExternalID)
			t.Prefer("RFC7644-3.4.2.2-20", "status 400 for a text without quotation marks", bare.Status, Equal(http.StatusBadRequest))
		})

	It("reads text with the escapes of JSON",
		spec.ID("querying.filter.escapes"), spec.Covers("RFC7644-3.4.2.2-20"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			judged := filterByNotation(ctx, t, s, "RFC7644-3.4.2.2-20", []filterNotation{
				{`title eq "{KEY}\u0020manager"`, `title eq "{KEY} manager"`},
				{`userName eq {ESCAPED}`, `userName eq {NAME}`},
			})
			odd := mustOddity(ctx, t)
			came := odd.finds(ctx, t, `title eq `+filterText(odd.title))
			if !filterRefused(came) || !filterUnknown(ctx, t, s, `title eq "{KEY} manager"`) {
				judged = true
				t.CheckThat("RFC7644-3.4.2.2-20", filterTheUser+" by a title with quotation marks and a backslash, which are escaped", came, Equal(filterTheUser))
			}
			if !judged {
				t.NotTested("The service refuses these filters without escapes, too, which is the matter of other checks.")
			}
		})
}

// registerFilterOddities adds the checks of characters that mean something elsewhere.
func registerFilterOddities() {
	It("decodes what is percent-encoded in a filter once",
		spec.ID("querying.filter.encoding"), spec.Covers("RFC7644-3.4.2.2-21"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			odd := mustOddity(ctx, t)
			t.CheckThat("RFC7644-3.4.2.2-21", filterTheUser+" by a userName with +, which is sent as %2B",
				odd.finds(ctx, t, `userName eq `+filterText(odd.UserName)), Equal(filterTheUser))
			came := odd.finds(ctx, t, `displayName eq `+filterText(odd.DisplayName))
			if filterRefused(came) && filterUnknown(ctx, t, mustSample(ctx, t), `displayName eq "Scimproof {KEY}"`) {
				t.Record("RFC7644-3.4.2.2-21", "any filter on displayName", came)
				return
			}
			t.CheckThat("RFC7644-3.4.2.2-21", filterTheUser+" by a displayName with &, # and %, which are sent as %26, %23 and %25", came, Equal(filterTheUser))
		})

	// A look-up that takes _ for any character finds somebody else.
	It("takes the wildcards of databases for the characters that they are",
		spec.ID("querying.filter.wildcards"), spec.Covers("RFC7644-3.4.2.2-05"), spec.Needs("filter", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustTitled(ctx, t)
			t.CheckThat("RFC7644-3.4.2.2-05", "nobody by a userName with _ in the place of each -",
				filterFinds(ctx, t, s, `userName eq `+filterText(strings.ReplaceAll(s.find(clerk).UserName, "-", "_"))), Equal(filterNobody))
			came := filterFinds(ctx, t, s, `title co "{KEY}%works"`)
			if filterRefused(came) && filterUnknown(ctx, t, s, `title co "{KEY}"`) {
				t.Record("RFC7644-3.4.2.2-05", "any filter on a part of a title", came)
				return
			}
			t.CheckThat("RFC7644-3.4.2.2-05", "nobody by a part of a title with % in the place of what stands there", came, Equal(filterNobody))
		})
}

// oddity is a user apart from the sample, with a + in the userName, &, # and % in the
// displayName, and quotation marks and a backslash in the title: a service that does not take
// them is still asked all the rest.
type oddity struct {
	*subject.Subject
	title   string
	refused *subject.RefusedError
}

// mustOddity returns the user, and makes it the first time.
func mustOddity(ctx SpecContext, t *spec.T) *oddity {
	GinkgoHelper()
	o := spec.Shared(t, "querying.oddity", func() *oddity { return makeOddity(ctx, t) })
	mustHave(t, o.refused)
	return o
}

func makeOddity(ctx SpecContext, t *spec.T) *oddity {
	GinkgoHelper()
	o := &oddity{Subject: t.Subjects.Draft()}
	local, domain, _ := strings.Cut(o.UserName, "@")
	o.UserName = local + "+odd@" + domain
	o.DisplayName = o.Marker + " R&D #1 100%25"
	o.title = o.Marker + ` "quoted" a\b`
	attributes := map[string]any{}
	if sampleHas(ctx, t, "attribute:title") {
		attributes["title"] = o.title
	}
	_, o.refused = sampleCreate(ctx, t, o.Subject, attributes)
	if o.refused == nil {
		sampleListed(ctx, t, o.Subject)
	}
	return o
}

// finds asks for the users that match a filter, and tells in words who came.
func (o *oddity) finds(ctx SpecContext, t *spec.T, filter string) string {
	GinkgoHelper()
	return filterWho(filterAsks(ctx, t, "/Users", filter), map[string]string{o.ID: filterTheUser})
}
