package users

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// The values with which a user with details is created.
const (
	personProfile = "https://example.com/people/scimproof?of=run#top"
	personLocale  = "en-US"
	personCountry = "US"
)

func registerPersonValues() {
	It("keeps several e-mail addresses with their types, of which one is primary",
		spec.ID("users.emails.several"), spec.Covers("RFC7643-4.1.2-01"), spec.Needs("attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			want := []string{strings.ToLower(person.Email) + " work primary", strings.ToLower(person.home) + " home"}
			t.CheckThat("RFC7643-4.1.2-01", "both addresses as they were sent: "+strings.Join(want, ", "), personAddresses(person.read), ConsistOf(want))
		})

	It("keeps the address of a profile as it was sent",
		spec.ID("users.values.profile-url"), spec.Covers("RFC7643-4.1.1-11"), spec.Needs("attribute:profileUrl"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, read := mustDetailed(ctx, t)
			t.CheckThat("RFC7643-4.1.1-11", "the profileUrl that was sent", read.Doc.Text("profileUrl"), Equal(personProfile))
			t.Record("RFC7643-4.1.1-11", "A profileUrl that is no URL", personFate(ctx, t, user, "profileUrl", "not a url", personText("profileUrl", "not a url")))
		})

	It("keeps a language tag as locale",
		spec.ID("users.values.locale"), spec.Covers("RFC7643-4.1.1-12"), spec.Needs("attribute:locale"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, read := mustDetailed(ctx, t)
			t.CheckThat("RFC7643-4.1.1-12", "the locale that was sent", read.Doc.Text("locale"), Equal(personLocale))
			for _, odd := range []string{"en_US", "xx yy"} {
				t.Record("RFC7643-4.1.1-12", "The locale "+odd, personFate(ctx, t, user, "locale", odd, personText("locale", odd)))
			}
		})

	// RFC 7643 §4.1.2 wants ISO 3166-1 alpha-2, and its own examples say USA (erratum 5990).
	It("keeps a country code of two letters",
		spec.ID("users.values.country"), spec.Covers("RFC7643-4.1.2-05"), spec.Needs("attribute:addresses"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user, read := mustDetailed(ctx, t)
			t.CheckThat("RFC7643-4.1.2-05", "the country that was sent", personCountries(read), Equal(personCountry))
			long := []any{map[string]any{"country": "USA", "type": "work"}}
			t.Record("RFC7643-4.1.2-05", "The country USA", personFate(ctx, t, user, "addresses", long, func(r *scim.Reply) bool { return personCountries(r) == "USA" }))
		})

	It("adds, removes and replaces roles one by one",
		spec.ID("users.values.roles"), spec.Covers("RFC7643-4.1.2-06"), spec.Needs("attribute:roles", "patch"),
		func(ctx SpecContext) { personRoles(ctx, spec.From(ctx)) })
}

// personDetails is a user with attributes that not every service has, and what a read showed
// before anybody changed them.
type personDetails struct {
	*subject.Subject
	read *scim.Reply
}

// mustDetailed is the user with those details that the service has. Each check changes its own
// attribute.
func mustDetailed(ctx SpecContext, t *spec.T) (*subject.Subject, *scim.Reply) {
	GinkgoHelper()
	user := spec.Shared(t, "users.detailed", func() *personDetails {
		details := map[string]any{}
		for name, value := range map[string]any{
			"profileUrl": personProfile, "locale": personLocale, "addresses": []any{map[string]any{"country": personCountry, "type": "work"}},
		} {
			if personCan(ctx, t, "attribute:"+name) {
				details[name] = value
			}
		}
		s := t.MustKeptUser(ctx, details)
		return &personDetails{s, personRead(ctx, t, s.ID)}
	})
	t.Cite(user.read.Exchanges...)
	return user.Subject, user.read
}

// personFate writes a value that a service may take or refuse, and says what became of it.
func personFate(ctx SpecContext, t *spec.T, s *subject.Subject, attribute string, value any, stored func(*scim.Reply) bool) string {
	GinkgoHelper()
	reply := personSets(ctx, t, s, "write an odd "+attribute, attribute, value)
	if !reply.OK() {
		return fmt.Sprintf("is refused with %d", reply.Status)
	}
	if stored(personUntil(ctx, t, s.ID, stored)) {
		return "is stored"
	}
	return fmt.Sprintf("is answered %d, and not stored as it was sent", reply.Status)
}

// personText tells whether a read shows a text.
func personText(attribute, text string) func(*scim.Reply) bool {
	return func(r *scim.Reply) bool { return r.Doc.Text(attribute) == text }
}

// personAddresses puts the e-mail addresses of a user into words.
func personAddresses(r *scim.Reply) []string {
	var list []string
	for _, e := range r.Doc.Objects("emails") {
		words := strings.ToLower(e.Text("value")) + " " + e.Text("type")
		if e.Flag("primary") {
			words += " primary"
		}
		list = append(list, strings.TrimSpace(words))
	}
	return list
}

// personCountries lists the countries of a user's addresses.
func personCountries(r *scim.Reply) string {
	var list []string
	for _, a := range r.Doc.Objects("addresses") {
		list = append(list, a.Text("country"))
	}
	return strings.Join(list, ", ")
}

// personRoles gives roles to a user and takes them away.
func personRoles(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	victim := mustVictim(ctx, t)
	one, other := personRoleNames(ctx, t)
	role := func(name string) map[string]any { return map[string]any{"value": name} }
	write := func(what string, operation map[string]any, want ...string) *scim.Reply {
		GinkgoHelper()
		reply := t.Patch(ctx, what, scim.UserPath(victim.ID), operation)
		if !reply.OK() {
			return reply
		}
		read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return personSame(r.Doc.Values("roles"), want) })
		t.CheckThat("RFC7643-4.1.2-06", "the roles "+strings.Join(want, " and ")+", after a PATCH to "+what, read.Doc.Values("roles"), ConsistOf(want))
		return reply
	}
	if first := write("add two roles", map[string]any{"op": "add", "path": "roles", "value": []any{role(one), role(other)}}, one, other); !first.OK() {
		t.NotTested(fmt.Sprintf("The service takes no roles of the names %s and %s: a PATCH was answered %d.", one, other, first.Status))
	}
	for _, step := range []struct {
		what      string
		operation map[string]any
		left      string
	}{
		{"remove a role by its value", map[string]any{"op": "remove", "path": `roles[value eq "` + one + `"]`}, other},
		{"replace the roles", spec.Replace("roles", []any{role(one)}), one},
	} {
		reply := write(step.what, step.operation, step.left)
		t.CheckThat("RFC7643-4.1.2-06", "success of a PATCH to "+step.what, reply.Status, createDone())
	}
	seen := personFate(ctx, t, victim, "roles", []any{other}, func(r *scim.Reply) bool { return personSame(r.Doc.Values("roles"), []string{other}) })
	t.Record("RFC7643-4.1.2-06", "A role that is sent as a text instead of an object with a value", seen)
}

// personRoleNames are two roles that a service knows, or two that mean little.
func personRoleNames(ctx SpecContext, t *spec.T) (one, other string) {
	schema, _ := t.Features.Schema(t.Context(ctx, ""), scim.UserSchema)
	roles, _ := schema.Find("roles")
	if value, _ := roles.Find("value"); len(value.Canonical) > 1 {
		return value.Canonical[0], value.Canonical[1]
	}
	return "viewer", "commenter"
}

// personSame compares two lists without regard to their order.
func personSame(list, other []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(list)), slices.Sorted(slices.Values(other)))
}
