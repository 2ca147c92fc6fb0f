package users

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelValues() {
	// RFC 7643 §2.4: primary is true for one value at most.
	It("keeps one primary address at most, and each address once",
		spec.ID("users.model.several-values"), spec.Covers("RFC7643-2.4-01", "RFC7643-2.4-02", "RFC7643-2.4-03", "RFC7643-2.4-04"), spec.Needs("attribute:emails"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			modelTwoPrimaries(ctx, t)
			modelTwice(ctx, t)
		})
}

// modelTwoPrimaries creates a user of whose addresses each is the primary one.
func modelTwoPrimaries(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	made := t.PostUser(ctx, "create with two primary addresses", s.UserName, scim.Request{Body: modelBody(t, s.UserName, scim.Document{"emails": []any{
		map[string]any{"value": s.Email, "type": "work", "primary": true},
		map[string]any{"value": "home." + s.Email, "type": "home", "primary": true},
	}})})
	seen := modelFate(ctx, t, made, func(r *scim.Reply) string { return fmt.Sprintf("%d primary", modelPrimaries(r)) })
	t.CheckThat("RFC7643-2.4-01", "one primary address at most, or a refusal with 400", seen, Or(Equal("0 primary"), Equal("1 primary"), Equal("refused with 400")))
}

// modelTwice creates a user with the same address twice, none of them primary, and adds it once
// more.
func modelTwice(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	address := map[string]any{"value": s.Email, "type": "work"}
	made := t.PostUser(ctx, "create with the same address twice", s.UserName, scim.Request{Body: modelBody(t, s.UserName, scim.Document{"emails": []any{address, address}})})
	if made.ID == "" {
		t.Record("RFC7643-2.4-03", "A new user with the same address twice", fmt.Sprintf("is refused with %d", made.Status))
		made = t.PostUser(ctx, "create with one address", s.UserName, scim.Request{Body: modelBody(t, s.UserName, scim.Document{"emails": []any{address}})})
	}
	Expect(made.ID).NotTo(BeEmpty(), "a user with an address that is not primary was not created")
	read := personRead(ctx, t, made.ID)
	// Services that insist on a primary address are common.
	t.Prefer("RFC7643-2.4-02", "no primary address, as none was called so", modelPrimaries(read), BeZero())
	t.CheckThat("RFC7643-2.4-03", "one address of a new user who came with it twice", len(read.Doc.Objects("emails")), Equal(1))
	for _, e := range read.Doc.Objects("emails") {
		names := slices.Sorted(maps.Keys(e))
		t.Record("RFC7643-2.4-04", "An e-mail address that was sent with type and value", "comes back with "+strings.Join(names, ", "))
		break
	}
	if personCan(ctx, t, "patch") {
		t.Patch(ctx, "add an address that is there", scim.UserPath(made.ID), map[string]any{"op": "add", "path": "emails", "value": []any{address}})
		read = personUntil(ctx, t, made.ID, func(r *scim.Reply) bool { return len(r.Doc.Objects("emails")) == 1 })
		t.CheckThat("RFC7643-2.4-03", "one address after an add of the one that is there", len(read.Doc.Objects("emails")), Equal(1))
	}
}

// modelPrimaries counts the primary addresses.
func modelPrimaries(r *scim.Reply) int {
	n := 0
	for _, e := range r.Doc.Objects("emails") {
		if e.Flag("primary") {
			n++
		}
	}
	return n
}
