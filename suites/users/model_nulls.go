package users

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelPhone is a number that nobody has.
const modelPhone = "tel:+1-201-555-0123"

func registerModelNulls() {
	// RFC 7643 §2.5: null, an empty list and no attribute at all are the same.
	It("stores nothing for null and for an empty list in a new user",
		spec.ID("users.model.null.create"), spec.Covers("RFC7643-2.5-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			made := t.PostUser(ctx, "create with null and an empty list", s.UserName, scim.Request{
				Body: modelPlain(t, s, scim.Document{"nickName": nil, "addresses": nil, "phoneNumbers": []any{}}),
			})
			if !t.CheckThat("RFC7643-2.5-01", "a new user with null for nickName and addresses, and an empty list of phoneNumbers", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			for _, name := range []string{"nickName", "addresses", "phoneNumbers"} {
				v, shown := read.Doc.Get(name)
				list, isList := v.([]any)
				t.CheckThat("RFC7643-2.5-01", "nothing, null or an empty list for "+name, modelEither(!shown || isList && len(list) == 0, "nothing", "a value"), Equal("nothing"))
			}
		})

	It("clears what a PATCH sets to null or to an empty list",
		spec.ID("users.model.null.patch"), spec.Covers("RFC7643-2.5-02"), spec.Needs("patch", "attribute:title", "attribute:phoneNumbers"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim := mustModelVictim(ctx, t)
			path := scim.UserPath(victim.ID)
			t.Patch(ctx, "set what is to be cleared", path, spec.Replace("title", "To be cleared"), spec.Replace("phoneNumbers", []any{map[string]any{"value": modelPhone, "type": "work"}}))
			before := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return r.Doc.Text("title") == "To be cleared" && modelPhones(r) != "none" })
			if before.Doc.Text("title") != "To be cleared" || modelPhones(before) == "none" {
				t.NotTested("The service does not store a title and a number, so that they cannot be cleared.")
			}
			t.Patch(ctx, "clear title by null", path, spec.Replace("title", nil))
			t.Patch(ctx, "clear phoneNumbers by an empty list", path, spec.Replace("phoneNumbers", []any{}))
			read := personUntil(ctx, t, victim.ID, func(r *scim.Reply) bool { return r.Doc.Text("title") == "" && modelPhones(r) == "none" })
			t.CheckThat("RFC7643-2.5-02", "no title after a PATCH that set it to null", read.Doc.Text("title"), BeEmpty())
			t.CheckThat("RFC7643-2.5-02", "no phone number after a PATCH that set them to an empty list", modelPhones(read), Equal("none"))
		})

	It("clears what a PUT sets to null",
		spec.ID("users.model.null.put"), spec.Covers("RFC7643-2.5-02"), spec.Needs("attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			victim := mustModelVictim(ctx, t)
			body := personDocument(t, victim)
			body["title"] = "To be replaced"
			t.Put(ctx, "set title", scim.UserPath(victim.ID), body)
			if personUntil(ctx, t, victim.ID, personText("title", "To be replaced")).Doc.Text("title") == "" {
				t.NotTested("The service does not store a title, so that it cannot be cleared.")
			}
			body["title"] = nil
			t.Put(ctx, "clear title by null", scim.UserPath(victim.ID), body)
			read := personUntil(ctx, t, victim.ID, personText("title", ""))
			t.CheckThat("RFC7643-2.5-02", "no title after a PUT that set it to null", read.Doc.Text("title"), BeEmpty())
		})
}

// modelPhones says how many phone numbers a user has.
func modelPhones(r *scim.Reply) string {
	if n := len(r.Doc.Objects("phoneNumbers")); n > 0 {
		return fmt.Sprintf("%d of them", n)
	}
	return "none"
}
