package querying

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// registerFilterCaseRules adds the checks of upper and lower case in values, which an
// attribute's caseExact decides on (RFC 7644 §3.4.2.2).
func registerFilterCaseRules() {
	It("finds a user by userName in any letter case",
		spec.ID("querying.filter.username-case"), spec.Covers("RFC7643-4.1.1-03", "RFC7644-3.4.2.2-19"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			came := filterFinds(ctx, t, s, `userName eq `+filterText(strings.ToUpper(s.find(clerk).UserName)))
			t.CheckThat("RFC7643-4.1.1-03", clerk+" by their userName in capitals", came, Equal(clerk))
			t.CheckThat("RFC7644-3.4.2.2-19", clerk+" by an attribute that is not caseExact, in capitals", came, Equal(clerk))
		})

	// RFC 7643 §3.1: externalId is caseExact.
	It("tells upper from lower case in externalId",
		spec.ID("querying.filter.case-exact"), spec.Covers("RFC7644-3.4.2.2-19"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustSample(ctx, t)
			id := s.find(clerk).shown.Text("externalId")
			if strings.ToUpper(id) == id {
				t.NotTested("A user who is created with an externalId is shown without it, which is the matter of another check.")
			}
			t.CheckThat("RFC7644-3.4.2.2-19", clerk+" by their externalId", filterFinds(ctx, t, s, `externalId eq `+filterText(id)), Equal(clerk))
			t.CheckThat("RFC7644-3.4.2.2-19", "nobody by an externalId that differs from the clerk's in letter case",
				filterFinds(ctx, t, s, `externalId eq `+filterText(strings.ToUpper(id))), Equal(filterNobody))
		})
}

// registerFilterActive adds the checks of the attribute active, which identity providers look
// at before they bring somebody back.
func registerFilterActive() {
	It("finds an inactive user as it does any other",
		spec.ID("querying.filter.inactive"), spec.Covers("RFC7644-3.4.2.2-01"), spec.Needs("filter"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := mustInactive(ctx, t)
			t.CheckThat("RFC7644-3.4.2.2-01", leaver+", who is inactive, by their userName",
				filterFinds(ctx, t, s, `userName eq `+filterText(s.find(leaver).UserName)), Equal(leaver))
		})

	// RFC 7644 §3.4.2.2: for a defaulted attribute the value counts that was returned to the client.
	It("takes a default that it has shown for the value that filters compare with",
		spec.ID("querying.filter.defaulted"), spec.Covers("RFC7644-3.4.2.2-23"), spec.Needs("filter", "attribute:active"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.Subjects.Draft()
			made := t.PostUser(ctx, "create a user without active", user.UserName, filterWithoutActive(t, user))
			active, shown := made.Doc.Active()
			if made.ID == "" || !shown {
				t.NotTested("A user who is created without active is shown without it, so that there is no default.")
			}
			filter := `userName eq ` + filterText(user.UserName) + ` and active eq ` + map[bool]string{true: "true", false: "false"}[active]
			found := filterUntil(ctx, t, filter, made.ID)
			t.CheckThat("RFC7644-3.4.2.2-23", "the user by the value of active that the answer to the create showed", found, Equal(filterTheUser))
		})
}

// mustInactive is the sample of a service that makes somebody inactive at creation.
func mustInactive(ctx SpecContext, t *spec.T) *sample {
	GinkgoHelper()
	s := mustSample(ctx, t)
	if active, shown := s.find(leaver).shown.Active(); active || !shown {
		t.NotTested("A user who is created with active: false is not shown as inactive, which is the matter of another check.")
	}
	return s
}

// filterTheUser is the one user that a check of its own made, in words.
const filterTheUser = "the user"

// filterWithoutActive is the body of a user who says nothing of active.
func filterWithoutActive(t *spec.T, user *subject.Subject) scim.Request {
	body := user.Document(t.Target.SCIM.UserExtra)
	delete(body, "active")
	return scim.Request{Body: body}
}

// filterUntil asks until a filter finds a new user, for as long as lists may lag.
func filterUntil(ctx SpecContext, t *spec.T, filter, id string) string {
	GinkgoHelper()
	named := map[string]string{id: filterTheUser}
	found, _ := t.ReadUntil(ctx, "ask with a filter", func(ctx context.Context) (*scim.Reply, error) {
		return t.SCIM.Do(ctx, http.MethodGet, filterPath("/Users", filter), nil)
	}, func(r *scim.Reply) bool { return filterWho(r, named) == filterTheUser })
	return filterWho(found, named)
}
