package users

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

func registerModelRead() {
	It("reads a user by the id, and by nothing else",
		spec.ID("users.read.by-id"), spec.Covers("RFC7644-3.4.1-01", "RFC7644-3.4.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			t.CheckThat("RFC7644-3.4.1-01", "status 200 for a read by the id", person.read.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.4.1-01", "the user "+person.ID, person.read.Doc.Text("id"), Equal(person.ID))
			for _, by := range []struct{ what, value string }{{"userName", person.UserName}, {"externalId", person.ExternalID}} {
				read := t.Get(ctx, "read by the "+by.what, scim.UserPath(by.value))
				seen := "nobody"
				if read.OK() && read.Doc.Text("userName") != "" {
					seen = read.Doc.Text("userName")
				}
				t.CheckThat("RFC7644-3.4.1-02", "nobody in a read by the "+by.what+" in place of the id", seen, Equal("nobody"))
			}
		})

	It("shows nothing of itself that is held back, or shown on request alone",
		spec.ID("users.read.default"), spec.Covers("RFC7644-3.4-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			read := mustPerson(ctx, t).read
			var shown []string
			for _, at := range append(modelHeldBack(ctx, t), modelAttribute{name: "password"}) {
				if at.in(read) != nil && !slices.Contains(shown, at.path()) {
					shown = append(shown, at.path())
				}
			}
			t.CheckThat("RFC7644-3.4-01", "no attribute that is returned never or on request, in a plain read", modelList(shown), BeEmpty())
		})

	It("shows what is returned on request to whoever asks for it or has just written it",
		spec.ID("users.read.on-request"), spec.Covers("RFC7643-7-10", "RFC7644-3.4-01"), spec.Needs("request-attribute"),
		func(ctx SpecContext) { modelOnRequest(ctx, spec.From(ctx)) })

	It("answers a write with what is stored",
		spec.ID("users.read.as-answered"), spec.Covers("RFC7644-3.1-03"),
		func(ctx SpecContext) { modelAnswered(ctx, spec.From(ctx)) })
}

// modelAttribute is an attribute of users; urn is empty for one of the core.
type modelAttribute struct {
	urn, name string
	scim.Attribute
}

func (a modelAttribute) path() string {
	if a.urn == "" {
		return a.name
	}
	return a.urn + ":" + a.name
}

// in is the attribute's value in a reply, nil for none.
func (a modelAttribute) in(r *scim.Reply) any {
	path := []string{a.name}
	if a.urn != "" {
		path = []string{a.urn, a.name}
	}
	value, _ := r.Doc.Get(path...)
	return value
}

// modelHeldBack lists the attributes that the published schemas hold back.
func modelHeldBack(ctx SpecContext, t *spec.T) []modelAttribute {
	var list []modelAttribute
	urns, _ := modelSchemasOf(ctx, t, scim.UserSchema)
	for _, urn := range urns {
		schema, _ := t.Features.Schema(t.Context(ctx, ""), urn)
		if urn == scim.UserSchema {
			urn = ""
		}
		for _, a := range schema.Attributes {
			if a.Returned == "never" || a.Returned == "request" {
				list = append(list, modelAttribute{urn, a.Name, a})
			}
		}
	}
	return list
}

// modelOnRequest writes an attribute that is returned on request, and asks for it.
func modelOnRequest(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	if !personCan(ctx, t, "patch") {
		t.NotTested("Without PATCH nobody can write an attribute alone, and so see whether the answer shows it.")
	}
	list := modelHeldBack(ctx, t)
	i := slices.IndexFunc(list, func(a modelAttribute) bool {
		return a.Returned == "request" && a.Mutability == "readWrite" && a.Type == "string" && !a.MultiValued && len(a.Canonical) == 0
	})
	if i < 0 {
		t.NotTested("No attribute of users that is returned on request is a text that anybody may write.")
	}
	attribute, victim := list[i], mustVictim(ctx, t)
	const text = "Scimproof"
	written := t.Patch(ctx, "write what is shown on request", scim.UserPath(victim.ID), spec.Replace(attribute.path(), text))
	if !written.OK() {
		t.NotTested(fmt.Sprintf("A text for %s was answered %d.", attribute.path(), written.Status))
	}
	if written.Doc != nil {
		t.CheckThat("RFC7643-7-10", attribute.path()+" in the answer to the PATCH that wrote it", attribute.in(written), Equal(text))
	}
	asking := scim.UserPath(victim.ID) + "?" + url.Values{"attributes": {attribute.path()}}.Encode()
	asked, _ := t.ReadUntil(ctx, "ask for what is shown on request", personReading(t, asking), func(r *scim.Reply) bool { return attribute.in(r) == text })
	t.CheckThat("RFC7643-7-10", attribute.path()+" when it is asked for", attribute.in(asked), Equal(text))
	t.CheckThat("RFC7644-3.4-01", "no "+attribute.path()+" in a plain read", attribute.in(personRead(ctx, t, victim.ID)), BeNil())
}

// modelAnswered compares the answers to three writes with reads.
func modelAnswered(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	s.UserName = personMixed(s.UserName)
	made := t.PostUser(ctx, "create", s.UserName, scim.Request{Body: s.Document(t.Target.SCIM.UserExtra)})
	Expect(made.ID).NotTo(BeEmpty(), "the user was not created")
	compare := func(what string, answer *scim.Reply) {
		GinkgoHelper()
		if !answer.OK() || answer.Doc == nil {
			return // a refusal is another matter, and 204 shows nothing
		}
		read := personUntil(ctx, t, made.ID, func(r *scim.Reply) bool { return r.OK() && len(modelDiffering(answer, r)) == 0 })
		t.CheckThat("RFC7644-3.1-03", "no attribute with another value in the answer to "+what+" than in a read after it", modelList(modelDiffering(answer, read)), BeEmpty())
	}
	compare("a creation", made.Reply)
	body := personDocument(t, s)
	body["name"] = map[string]any{"givenName": "Replaced", "familyName": s.Marker}
	compare("a PUT", t.Put(ctx, "replace", scim.UserPath(made.ID), body))
	if personCan(ctx, t, "patch") {
		compare("a PATCH", t.Patch(ctx, "change", scim.UserPath(made.ID), spec.Replace("displayName", "Patched "+s.Marker)))
	}
}

// modelDiffering lists the attributes of an answer that a read shows with another value. meta, and
// a password that is shown, are the matter of other checks.
func modelDiffering(answer, read *scim.Reply) []string {
	var names []string
	for name, value := range answer.Doc {
		stored, _ := read.Doc.Get(name)
		if !slices.Contains([]string{"meta", "password"}, strings.ToLower(name)) && modelPlain(value) != modelPlain(stored) {
			names = append(names, name)
		}
	}
	return modelSorted(names)
}

// modelPlain writes values that mean the same in one way: names in any letter case, lists in any
// order, and null and an empty list for nothing.
func modelPlain(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case map[string]any:
		var parts []string
		for name, inner := range value {
			if plain := modelPlain(inner); plain != "" {
				parts = append(parts, strings.ToLower(name)+":"+plain)
			}
		}
		return modelWrapped(parts)
	case []any:
		var parts []string
		for _, inner := range value {
			parts = append(parts, modelPlain(inner))
		}
		return modelWrapped(parts)
	}
	return fmt.Sprintf("%q", fmt.Sprint(value))
}

func modelWrapped(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(modelSorted(parts), ",") + "}"
}

func modelSorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
