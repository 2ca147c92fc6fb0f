package users

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerModelEmpty() {
	// RFC 7643 §2.5: null, an empty array and no attribute at all are the same.
	It("takes null and an empty array for no value",
		spec.ID("users.model.no-value"), spec.Covers("RFC7643-2.5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			// The documents of Microsoft Entra ID show creations like this one.
			body := modelBody(t, s.UserName, scim.Document{"nickName": nil, "addresses": nil, "phoneNumbers": []any{}})
			made := t.PostUser(ctx, "create with null and an empty array", s.UserName, scim.Request{Body: body})
			if !t.CheckThat("RFC7643-2.5-01", "a new user with null for nickName and addresses, and no phoneNumbers", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			for _, name := range []string{"nickName", "addresses", "phoneNumbers"} {
				t.CheckThat("RFC7643-2.5-01", "no value, null or an empty array for "+name, modelFilled(read, name), Equal("no value"))
			}
		})

	It("clears an attribute by null or an empty array",
		spec.ID("users.model.cleared"), spec.Covers("RFC7643-2.5-02"),
		func(ctx SpecContext) { modelCleared(ctx, spec.From(ctx)) })
}

// modelFilled says whether an attribute has a value.
func modelFilled(r *scim.Reply, name string) string {
	value, shown := r.Doc.Get(name)
	if list, isList := value.([]any); !shown || isList && len(list) == 0 {
		return "no value"
	}
	return "a value"
}

// modelCleared gives a user attributes that many services have, and takes those that stayed away
// again: by PATCHes, and then by a PUT.
func modelCleared(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	user := t.MustUserWith(ctx, map[string]any{
		"nickName": "Proof", "title": "Tester", "phoneNumbers": []any{map[string]any{"value": "+1-201-555-0123", "type": "work"}},
	})
	before, decided := personRead(ctx, t, user.ID), false
	clear := func(how, name string, send func()) {
		GinkgoHelper()
		if modelFilled(before, name) == "no value" {
			return
		}
		send()
		decided = true
		read := personUntil(ctx, t, user.ID, func(r *scim.Reply) bool { return modelFilled(r, name) == "no value" })
		t.CheckThat("RFC7643-2.5-02", "no value for "+name+" after "+how, modelFilled(read, name), Equal("no value"))
	}
	if personCan(ctx, t, "patch") {
		clear("a PATCH to null", "nickName", func() {
			t.Patch(ctx, "replace nickName by null", scim.UserPath(user.ID), spec.Replace("nickName", nil))
		})
		clear("a PATCH to an empty array", "phoneNumbers", func() {
			t.Patch(ctx, "replace phoneNumbers by nothing", scim.UserPath(user.ID), spec.Replace("phoneNumbers", []any{}))
		})
	}
	clear("a PUT with null", "title", func() {
		body := personDocument(t, user)
		body["title"] = nil
		t.Put(ctx, "replace with null for title", scim.UserPath(user.ID), body)
	})
	if !decided {
		t.NotTested("The service keeps none of nickName, title and phoneNumbers, so that nothing could be cleared.")
	}
}
