package users

import (
	"maps"
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
	It("answers a read of a known id with 200 and the resource",
		spec.ID("users.read.known"), spec.Covers("RFC7644-3.4.1-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			t.CheckThat("RFC7644-3.4.1-01", "status 200 for a user who exists", person.read.Status, Equal(http.StatusOK))
			t.CheckThat("RFC7644-3.4.1-01", "the user with the id that was asked for", person.read.Doc.Text("id"), Equal(person.ID))
			if personCan(ctx, t, "groups") {
				t.CheckThat("RFC7644-3.4.1-01", "status 200 for a group that exists", mustMember(ctx, t).read.Status, Equal(http.StatusOK))
			}
		})

	// Whoever was renamed or deleted could still answer at another address.
	It("reads nobody by userName in place of the id",
		spec.ID("users.read.by-name"), spec.Covers("RFC7644-3.4.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			if person.UserName == person.ID {
				t.NotTested("The id of a user is the userName.")
			}
			reply := t.Get(ctx, "read by userName", scim.UserPath(person.UserName))
			t.CheckThat("RFC7644-3.4.1-02", "no failure of the service", reply.Status, BeNumerically("<", 500))
			t.CheckThat("RFC7644-3.4.1-02", "nobody at a userName in place of the id", modelEither(reply.Doc.Text("id") == person.ID, "the user", "nobody"), Equal("nobody"))
		})

	It("shows in a plain read nothing that is returned never or on request",
		spec.ID("users.read.plain"), spec.Covers("RFC7644-3.4-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person := mustPerson(ctx, t)
			hidden := []modelPath{{"", "password"}} // also where no schema says so
			for _, urn := range []string{scim.UserSchema, scim.EnterpriseSchema} {
				if schema, served := t.Features.Schema(t.Context(ctx, ""), urn); served {
					hidden = append(hidden, modelHidden(schema)...)
				}
			}
			var shown []string
			for _, p := range hidden {
				if _, has := person.read.Doc.Get(p.keys()...); has {
					shown = append(shown, p.name)
				}
			}
			t.CheckThat("RFC7644-3.4-01", "none of what is hidden in a plain read", strings.Join(slices.Compact(shown), ", "), BeEmpty())
		})

	It("shows what is returned on request to whoever asks for it or has just written it",
		spec.ID("users.read.on-request"), spec.Covers("RFC7643-7-10", "RFC7644-3.4-01"), spec.Needs("request-attribute", "schemas"),
		func(ctx SpecContext) { modelOnRequest(ctx, spec.From(ctx)) })

	// A provider believes the answer, and never looks again.
	It("answers a write with what a read then shows",
		spec.ID("users.read.same-as-answered"), spec.Covers("RFC7644-3.1-03"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			person, victim := mustPerson(ctx, t), mustModelVictim(ctx, t)
			t.CheckThat("RFC7644-3.1-03", "no difference between the answer to a creation and a read", modelDifferences(person.created, person.read), BeEmpty())
			body := personDocument(t, victim)
			body["displayName"] = victim.DisplayName + " replaced"
			modelSame(ctx, t, "a PUT", victim.ID, t.Put(ctx, "replace", scim.UserPath(victim.ID), body))
			if personCan(ctx, t, "patch") {
				modelSame(ctx, t, "a PATCH", victim.ID, t.Patch(ctx, "change displayName", scim.UserPath(victim.ID), spec.Replace("displayName", victim.DisplayName)))
			}
		})
}

// modelPath is an attribute, with the URN of its schema if that is an extension.
type modelPath struct{ urn, name string }

func (p modelPath) keys() []string {
	if p.urn == "" {
		return []string{p.name}
	}
	return []string{p.urn, p.name}
}

// full is the attribute's name as a path or a parameter has it.
func (p modelPath) full() string { return strings.TrimPrefix(p.urn+":"+p.name, ":") }

// modelHidden are the attributes of a schema that a plain read does not show.
func modelHidden(schema scim.Schema) []modelPath {
	urn := schema.ID
	if strings.EqualFold(urn, scim.UserSchema) {
		urn = ""
	}
	var list []modelPath
	for _, a := range schema.Attributes {
		if a.Returned == "never" || a.Returned == "request" {
			list = append(list, modelPath{urn, a.Name})
		}
	}
	return list
}

// modelOnRequest writes a text that is returned on request, and reads it with and without asking.
func modelOnRequest(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	p, found := modelRequestable(ctx, t)
	if !found {
		t.NotTested("No attribute of users that is returned on request is a text that a client may write.")
	}
	const hint = "Shown on request"
	victim := mustModelVictim(ctx, t)
	var reply *scim.Reply
	if personCan(ctx, t, "patch") {
		reply = t.Patch(ctx, "write what is returned on request", scim.UserPath(victim.ID), map[string]any{"op": "add", "path": p.full(), "value": hint})
	} else {
		body := personDocument(t, victim)
		if body[p.name] = hint; p.urn != "" {
			delete(body, p.name)
			body["schemas"], body[p.urn] = []any{scim.UserSchema, p.urn}, map[string]any{p.name: hint}
		}
		reply = t.Put(ctx, "write what is returned on request", scim.UserPath(victim.ID), body)
	}
	asking := personReading(t, scim.UserPath(victim.ID)+"?"+url.Values{"attributes": {p.full()}}.Encode())
	read, _ := t.ReadUntil(ctx, "ask for it", asking, func(r *scim.Reply) bool { return r.Doc.Text(p.keys()...) == hint })
	if reply.OK() && reply.Doc != nil { // a PATCH may be answered without a body
		t.CheckThat("RFC7643-7-10", "the "+p.name+" in the answer to its own change", reply.Doc.Text(p.keys()...), Equal(hint))
	}
	if t.CheckThat("RFC7643-7-10", "the "+p.name+" in a read that asks for it", read.Doc.Text(p.keys()...), Equal(hint)) {
		plain := personRead(ctx, t, victim.ID)
		t.CheckThat("RFC7644-3.4-01", "no "+p.name+" in a plain read", plain.Doc.Text(p.keys()...), BeEmpty())
		return
	}
	t.NotTested("Whether a plain read hides it cannot be told while nothing shows it.")
}

// modelRequestable finds a text of users that is returned on request.
func modelRequestable(ctx SpecContext, t *spec.T) (modelPath, bool) {
	for _, urn := range modelSchemasOf(ctx, t, "User") {
		schema, _ := t.Features.Schema(t.Context(ctx, ""), urn)
		for _, p := range modelHidden(schema) {
			a, _ := schema.Find(p.name)
			if a.Returned == "request" && a.Type == "string" && !a.MultiValued && len(a.Canonical) == 0 && a.Mutability == "readWrite" {
				return p, true
			}
		}
	}
	return modelPath{}, false
}

// modelSame compares the answer to a write with a read.
func modelSame(ctx SpecContext, t *spec.T, what, id string, reply *scim.Reply) {
	GinkgoHelper()
	if !reply.OK() || reply.Doc == nil { // a PATCH may be answered without a body
		return
	}
	read := personUntil(ctx, t, id, func(r *scim.Reply) bool { return len(modelDifferences(reply, r)) == 0 })
	t.CheckThat("RFC7644-3.1-03", "no difference between the answer to "+what+" and a read", modelDifferences(reply, read), BeEmpty())
}

// modelDifferences lists the attributes that two replies show otherwise. null, an empty list and
// nothing are the same, and so are names in any letter case. Whether a password is shown is another
// matter.
func modelDifferences(one, other *scim.Reply) []string {
	a, _ := modelPlainForm(map[string]any(one.Doc)).(map[string]any)
	b, _ := modelPlainForm(map[string]any(other.Doc)).(map[string]any)
	delete(a, "password")
	delete(b, "password")
	different := []string{}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if same, _ := Equal(a[name]).Match(b[name]); !same {
			different = append(different, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, both := a[name]; !both {
			different = append(different, name)
		}
	}
	return different
}

// modelPlainForm writes a value without what has no meaning.
func modelPlainForm(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range v {
			if plain := modelPlainForm(inner); plain != nil {
				out[strings.ToLower(name)] = plain
			}
		}
		if len(out) > 0 {
			return out
		}
		return nil
	case []any:
		if len(v) == 0 {
			return nil
		}
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = modelPlainForm(inner)
		}
		return out
	}
	return v
}
