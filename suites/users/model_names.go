package users

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// modelName is the form of an attribute's name (RFC 7643 §2.1). $ref, which the RFC has as well,
// begins with another character than it allows.
var modelName = regexp.MustCompile(`^(\$ref|[A-Za-z][A-Za-z0-9$_-]*)$`)

func registerModelNames() {
	// A typed reader drops what is spelled in another way, and active with it.
	It("reads attributes whose names come in other letter case",
		spec.ID("users.model.names.letter-case"), spec.Covers("RFC7643-2.1-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			s := t.Subjects.Draft()
			body := personDocument(t, s)
			body["active"] = false
			shouted, _ := modelShouted(map[string]any(body)).(map[string]any)
			made := t.PostUser(ctx, "create with names in capitals", s.UserName, scim.Request{Body: shouted})
			if !t.CheckThat("RFC7643-2.1-01", "a new user, whatever the letter case of names", made.Status, createDone()) || made.ID == "" {
				return
			}
			read := personRead(ctx, t, made.ID)
			t.CheckThat("RFC7643-2.1-01", "the userName that was sent as USERNAME", strings.ToLower(read.Doc.Text("userName")), Equal(strings.ToLower(s.UserName)))
			t.CheckThat("RFC7643-2.1-01", "the displayName that was sent as DISPLAYNAME", read.Doc.Text("displayName"), Equal(s.DisplayName))
			emails, _ := read.Doc.Get("emails")
			t.CheckThat("RFC7643-2.1-01", "the address that was sent as VALUE in EMAILS", emails, spec.HasEmail(s.Email))
			if modelCreatesInactive(ctx, t) {
				t.CheckThat("RFC7643-2.1-01", "active false, which was sent as ACTIVE", personActive(read), Equal("false"))
			}
		})

	It("names attributes so that a path can have them",
		spec.ID("users.model.names.form"), spec.Covers("RFC7643-2.1-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, seen := range modelLooks(ctx, t) {
				t.CheckThat("RFC7643-2.1-02", "no name of other characters in "+seen.what, modelMisnamed(map[string]any(seen.doc)), BeEmpty())
			}
			if schemas := t.Features.Discovery(t.Context(ctx, "")).Schemas; schemas != nil {
				var wrong []string
				for _, d := range schemas.Doc.Resources() {
					wrong = append(wrong, modelMisnamedIn(scim.SchemaOf(d).Attributes)...)
				}
				t.CheckThat("RFC7643-2.1-02", "no name of other characters in /Schemas", wrong, BeEmpty())
			}
		})

	// RFC 7643 §2.3.8: the order of attributes is not significant.
	It("reads a body in whatever order its keys come",
		spec.ID("users.model.key-order"), spec.Covers("RFC7643-2.3.8-01"),
		func(ctx SpecContext) { modelKeyOrder(ctx, spec.From(ctx)) })
}

// modelShouted writes all names of attributes in capitals, but that of schemas and URNs.
func modelShouted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range v {
			if name != "schemas" && !strings.Contains(name, ":") {
				name = strings.ToUpper(name)
			}
			out[name] = modelShouted(inner)
		}
		return out
	case []any:
		out := []any{}
		for _, inner := range v {
			out = append(out, modelShouted(inner))
		}
		return out
	}
	return v
}

// modelMisnamed lists the names in a resource that have not the form of one. The objects of
// extensions are named by URNs.
func modelMisnamed(v any) []string {
	var wrong []string
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if !strings.HasPrefix(strings.ToLower(name), "urn:") && !modelName.MatchString(name) {
				wrong = append(wrong, name)
			}
			wrong = append(wrong, modelMisnamed(inner)...)
		}
	case []any:
		for _, inner := range v {
			wrong = append(wrong, modelMisnamed(inner)...)
		}
	}
	slices.Sort(wrong)
	return slices.Compact(wrong)
}

// modelMisnamedIn is the same for a schema.
func modelMisnamedIn(attributes []scim.Attribute) []string {
	var wrong []string
	for _, a := range attributes {
		if !modelName.MatchString(a.Name) {
			wrong = append(wrong, a.Name)
		}
		wrong = append(wrong, modelMisnamedIn(a.Sub)...)
	}
	return wrong
}

// modelKeyOrder sends bodies whose keys stand in other orders than usual.
func modelKeyOrder(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	s := t.Subjects.Draft()
	body := modelPlain(t, s, scim.Document{"displayName": s.DisplayName})
	names := []string{"displayName", "userName"}
	for name := range t.Target.SCIM.UserExtra {
		if !slices.Contains(append(names, "schemas"), name) {
			names = append(names, name)
		}
	}
	made := t.PostUser(ctx, "create with schemas last", s.UserName, scim.Request{Raw: modelOrdered(body, append(names, "schemas")...)})
	if !t.CheckThat("RFC7643-2.3.8-01", "a new user from a body with schemas last", made.Status, createDone()) || made.ID == "" {
		return
	}
	t.CheckThat("RFC7643-2.3.8-01", "the displayName that was sent before schemas", personRead(ctx, t, made.ID).Doc.Text("displayName"), Equal(s.DisplayName))
	if !personCan(ctx, t, "patch") || !personCan(ctx, t, "attribute:title") {
		return
	}
	operation := modelOrdered(spec.Replace("title", "In another order"), "value", "path", "op")
	message := modelOrdered(map[string]any{"Operations": []any{json.RawMessage(operation)}, "schemas": []any{scim.PatchOpSchema}}, "Operations", "schemas")
	reply := t.Do(ctx, "change with value first and schemas last", scim.Request{Method: http.MethodPatch, Path: scim.UserPath(made.ID), Raw: message})
	t.CheckThat("RFC7643-2.3.8-01", "success of a PATCH whose operation begins with its value", reply.Status, createDone())
	read := personUntil(ctx, t, made.ID, personText("title", "In another order"))
	t.CheckThat("RFC7643-2.3.8-01", "the title of a PATCH whose operation begins with its value", read.Doc.Text("title"), Equal("In another order"))
}

// modelOrdered writes an object as JSON with its keys in the order given.
func modelOrdered(object map[string]any, names ...string) []byte {
	var parts []string
	for _, name := range names {
		key, _ := json.Marshal(name)
		value, err := json.Marshal(object[name])
		Expect(err).NotTo(HaveOccurred())
		parts = append(parts, fmt.Sprintf("%s:%s", key, value))
	}
	return []byte("{" + strings.Join(parts, ",") + "}")
}
