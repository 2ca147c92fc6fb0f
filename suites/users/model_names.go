package users

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelName is what the grammar of RFC 7643 §2.1 allows. Its own $ref does not fit.
var modelName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9$_-]*$`)

func registerModelNames() {
	// RFC 7643 §2.1: "Attribute names are case insensitive"
	It("understands attributes whose names are in other letters than the schema's",
		spec.ID("users.model.name-case"), spec.Covers("RFC7643-2.1-01"),
		func(ctx SpecContext) { modelNameCase(ctx, spec.From(ctx)) })

	It("gives attributes names that can stand in a path",
		spec.ID("users.model.names"), spec.Covers("RFC7643-2.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, sight := range mustModelSights(ctx, t) {
				t.CheckThat("RFC7643-2.1-02", "no name but of letters, digits, $, - and _ that begins with a letter, in "+sight.what,
					modelList(modelMisnamed(map[string]any(sight.reply.Doc))), BeEmpty())
			}
			if served := t.Features.Discovery(t.Context(ctx, "")).Schemas; served != nil {
				t.Cite(served.Exchanges...)
				for _, d := range served.Doc.Resources() {
					schema := scim.SchemaOf(d)
					t.CheckThat("RFC7643-2.1-02", "no other name in the schema "+schema.ID, modelList(modelMisdefined(schema.Attributes)), BeEmpty())
				}
			}
		})

	// RFC 7643 §2.3.8: the order of the parts of an object means nothing.
	It("takes the parts of a body in any order",
		spec.ID("users.model.key-order"), spec.Covers("RFC7643-2.3.8-01"),
		func(ctx SpecContext) { modelKeyOrder(ctx, spec.From(ctx)) })
}

// modelNameCase creates a user with names in capitals, and makes them inactive in the same way.
func modelNameCase(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	made := t.PostUser(ctx, "create with names in capitals", s.UserName, scim.Request{Body: modelCapitals(s.Document(t.Target.SCIM.UserExtra))})
	if !t.CheckThat("RFC7643-2.1-01", "a new user of attributes whose names are in capitals", made.Status, createDone()) || made.ID == "" {
		return
	}
	read := personRead(ctx, t, made.ID)
	t.CheckThat("RFC7643-2.1-01", "the userName that was sent as USERNAME", strings.ToLower(read.Doc.Text("userName")), Equal(strings.ToLower(s.UserName)))
	t.CheckThat("RFC7643-2.1-01", "the displayName that was sent as DISPLAYNAME", read.Doc.Text("displayName"), Equal(s.DisplayName))
	emails, _ := read.Doc.Get("emails")
	t.CheckThat("RFC7643-2.1-01", "the address that was sent as the VALUE of EMAILS", emails, spec.HasEmail(s.Email))
	body := personDocument(t, s)
	body["active"] = false
	t.Put(ctx, "make inactive by ACTIVE", scim.UserPath(made.ID), modelCapitals(body))
	read = personUntil(ctx, t, made.ID, func(r *scim.Reply) bool { return personActive(r) == "false" })
	t.CheckThat("RFC7643-2.1-01", "active false after a PUT with ACTIVE false", personActive(read), Equal("false"))
}

// modelCapitals writes the names of attributes in capitals. URNs and schemas stay, as they tell
// what the rest is.
func modelCapitals(d scim.Document) scim.Document {
	out := scim.Document{}
	for name, value := range d {
		if !strings.Contains(name, ":") && name != "schemas" {
			name = strings.ToUpper(name)
		}
		out[name] = modelCapitalsIn(value)
	}
	return out
}

func modelCapitalsIn(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return map[string]any(modelCapitals(value))
	case []any:
		list := make([]any, len(value))
		for i, one := range value {
			list[i] = modelCapitalsIn(one)
		}
		return list
	}
	return value
}

// modelMisnamed lists the names in a resource that are none. The URN of an extension is no name.
func modelMisnamed(value any) []string {
	var wrong []string
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if !modelName.MatchString(name) && name != "$ref" && !strings.HasPrefix(strings.ToLower(name), "urn:") {
				wrong = append(wrong, name)
			}
			wrong = append(wrong, modelMisnamed(inner)...)
		}
	case []any:
		for _, inner := range value {
			wrong = append(wrong, modelMisnamed(inner)...)
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}

// modelMisdefined is the same for definitions.
func modelMisdefined(list []scim.Attribute) []string {
	var wrong []string
	for _, a := range list {
		if !modelName.MatchString(a.Name) && a.Name != "$ref" {
			wrong = append(wrong, a.Name)
		}
		wrong = append(wrong, modelMisdefined(a.Sub)...)
	}
	return wrong
}

// modelKeyOrder sends three writes in orders that no other check has: it is mostly from A to Z.
func modelKeyOrder(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	made := t.PostUser(ctx, "create with schemas at the end", s.UserName, scim.Request{Raw: modelOrdered(s.Document(t.Target.SCIM.UserExtra), false)})
	if !t.CheckThat("RFC7643-2.3.8-01", "a new user of a body with schemas at its end", made.Status, createDone()) || made.ID == "" {
		return
	}
	path := scim.UserPath(made.ID)
	body := personDocument(t, s)
	body["name"] = map[string]any{"givenName": "Scimproof", "familyName": "Ordered"}
	personRead(ctx, t, made.ID)
	t.Do(ctx, "replace by a body with schemas at its beginning", scim.Request{Method: http.MethodPut, Path: path, Raw: modelOrdered(body, true)})
	attribute, patched := modelWritable(ctx, t), personCan(ctx, t, "patch")
	if patched {
		t.Do(ctx, "change by a body with Operations at its end", scim.Request{
			Method: http.MethodPatch, Path: path, Raw: modelOrdered(scim.PatchOp(spec.Replace(attribute, "Ordered")), true),
		})
	}
	read := personUntil(ctx, t, made.ID, func(r *scim.Reply) bool {
		return r.Doc.Text("name", "familyName") == "Ordered" && (!patched || r.Doc.Text(attribute) == "Ordered")
	})
	emails, _ := read.Doc.Get("emails")
	t.CheckThat("RFC7643-2.3.8-01", "the address that was sent with schemas at the end or the beginning", emails, spec.HasEmail(s.Email))
	t.CheckThat("RFC7643-2.3.8-01", "the name.familyName of a PUT with schemas at its beginning", read.Doc.Text("name", "familyName"), Equal("Ordered"))
	if patched {
		t.CheckThat("RFC7643-2.3.8-01", "the "+attribute+" of a PATCH with Operations at its end", read.Doc.Text(attribute), Equal("Ordered"))
	}
}

// modelOrdered encodes a body with schemas at its beginning or end, and all else from Z to A.
func modelOrdered(body scim.Document, schemasFirst bool) []byte {
	var out bytes.Buffer
	modelWrite(&out, map[string]any(body.Clone()), func(a, b string) int {
		switch {
		case (a == "schemas") == (b == "schemas"):
			return strings.Compare(b, a)
		case (a == "schemas") == schemasFirst:
			return -1
		}
		return 1
	})
	return out.Bytes()
}

func modelWrite(out *bytes.Buffer, value any, order func(a, b string) int) {
	switch value := value.(type) {
	case map[string]any:
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		slices.SortFunc(names, order)
		out.WriteByte('{')
		for i, name := range names {
			if i > 0 {
				out.WriteByte(',')
			}
			modelWrite(out, name, order)
			out.WriteByte(':')
			modelWrite(out, value[name], order)
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, one := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			modelWrite(out, one, order)
		}
		out.WriteByte(']')
	default:
		raw, err := json.Marshal(value)
		if err != nil {
			raw = []byte("null")
		}
		out.Write(raw)
	}
}
