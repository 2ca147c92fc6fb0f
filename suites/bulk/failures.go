package bulk

import (
	"net/http"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerFailures() {
	It("says why an operation of a Bulk failed, and carries out the others",
		spec.ID("bulk.failed"), spec.Covers("RFC7644-3.7-03", "RFC7644-3.7-04", "RFC7644-3.7-12"), spec.Needs("bulk"),
		func(ctx SpecContext) { failing(ctx, spec.From(ctx)) })

	It("stops a Bulk after as many errors as it was told",
		spec.ID("bulk.fail-on-errors"), spec.Covers("RFC7644-3.7-05"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := victim(ctx, t)
			operations := []operation{replacing(t), renaming(t, user, "Late")}
			body := message(operations...)
			body["failOnErrors"] = 1
			out := dispatch(ctx, t, "a Bulk that ends with the first error", body, false, operations)
			methods := []string{}
			for _, r := range out.results {
				methods = append(methods, r.Text("method"))
			}
			t.CheckThat("RFC7644-3.7-05", "a result of the operation that failed, and no other", methods, Equal([]string{http.MethodPut}))
			unrenamed(ctx, t, "RFC7644-3.7-05", user, "Late")
		})

	It("refuses a POST in a Bulk that has no bulkId",
		spec.ID("bulk.id.required"), spec.Covers("RFC7644-3.7-06"), spec.Needs("bulk"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			nameless := newUser(t, "", nil)
			out := send(ctx, t, "a Bulk with a POST without bulkId", nameless)
			t.CheckThat("RFC7644-3.7-06", "status 400 for the request or for the operation", out.statusOf(0), Equal("400"))
			unmade(ctx, t, "RFC7644-3.7-06", nameless.makes)
		})

	// A version in an operation may be compared, as If-Match is. What a result says must be so.
	It("says truly whether an operation with an old version was carried out",
		spec.ID("bulk.version"), spec.Covers("RFC7644-3.7-10", "RFC7644-3.7-02"), spec.Needs("bulk", "etag"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := victim(ctx, t)
			stale := renaming(t, user, "Stale")
			stale.version = `W/"made-up"`
			out := send(ctx, t, "a Bulk with a made-up version", stale)
			back := readUntil(ctx, t, "read back", scim.UserPath(user.ID), func(r *scim.Reply) bool { return r.OK() && (!out.of(0).ok() || family(r) == "Stale") })
			t.Record("RFC7644-3.7-10", "an operation with another version than the stored one", "is answered "+out.statusOf(0))
			t.CheckThat("RFC7644-3.7-02", "a change if, and only if, the result says so",
				carriedOut(family(back) == "Stale"), Equal(carriedOut(out.of(0).ok())))
		})
}

// failing sends an operation that must fail and one that must not.
func failing(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	user, twin, other := t.MustUser(ctx), t.Subjects.Draft(), victim(ctx, t)
	twin.UserName = user.UserName
	t.Subjects.Sends(user.UserName) // whoever is made is found by the name, and removed with the user
	out := send(ctx, t, "a Bulk with a taken userName and a change",
		operation{method: http.MethodPost, path: "/Users", bulkID: "twin", data: document(t, twin, nil)},
		renaming(t, other, "Good"))
	failed := out.of(0)
	t.CheckThat("RFC7644-3.7-12", "a refusal of the taken userName", failed.status(), HavePrefix("4"))
	t.CheckThat("RFC7644-3.7-03", "an error message as the response of the operation that failed", response(failed).Texts("schemas"), ContainElement(scim.ErrorSchema))
	if reason := response(failed).Text("scimType"); reason != "" { // that one is missing is the matter of other checks
		t.Prefer("RFC7644-3.7-03", "scimType uniqueness", reason, Equal("uniqueness"))
	}
	back := readUntil(ctx, t, "read back", scim.UserPath(other.ID), func(r *scim.Reply) bool { return family(r) == "Good" })
	t.CheckThat("RFC7644-3.7-04", "the family name of the operation after it", family(back), Equal("Good"))
}

// response is the body that an operation was answered with; nil for none.
func response(r result) scim.Document {
	v, _ := r.Get("response")
	body, _ := v.(map[string]any)
	return body
}

// carriedOut puts into words whether something was done.
func carriedOut(yes bool) string {
	if yes {
		return "changed"
	}
	return "unchanged"
}

// unrenamed checks that an operation which was not to be carried out has given a user no other
// family name. A user who cannot be read is not as before.
func unrenamed(ctx SpecContext, t *spec.T, requirement string, user *subject.Subject, name string) {
	GinkgoHelper()
	back := readUntil(ctx, t, "read back", scim.UserPath(user.ID), (*scim.Reply).OK)
	seen := "another than " + name
	switch {
	case !back.OK():
		seen = "status " + strconv.Itoa(back.Status)
	case family(back) == name:
		seen = name
	}
	t.CheckThat(requirement, "the family name as it was", seen, Equal("another than "+name))
}

// unmade checks that an operation which was not to be carried out has made nothing. A look-up
// that is refused says neither.
func unmade(ctx SpecContext, t *spec.T, requirement string, e *spec.Expected) {
	GinkgoHelper()
	list := t.Must(lookUp(t.Context(ctx, "look for what was made"), t, e))
	if !list.OK() {
		t.NotTested("Whether anything was made cannot be looked up by its name, which is the matter of other checks.")
	}
	seen := "nothing"
	if found(list, e) != nil {
		seen = e.Name
	}
	t.CheckThat(requirement, "nothing of that name", seen, Equal("nothing"))
}
