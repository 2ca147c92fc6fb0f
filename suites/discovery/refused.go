package discovery

import (
	"fmt"
	"maps"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

func registerRefused() {
	It("asks for what its schema says is required, and for no more",
		spec.ID("discovery.schema.required"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, f := range filledResources(ctx, t) {
				for _, at := range required(f) {
					name, post := f.newcomer(t)
					body := f.renamed(name)
					drop(body, at)
					made := post(ctx, "create without what is required", name, scim.Request{Body: body})
					t.CheckThat(asPublished, fmt.Sprintf("no %s without %s, which is required", f.kind.name, at), outcome(made), HavePrefix(refused))
				}
			}
			sparing(ctx, t, filledUser(ctx, t))
		})

	// userName is left to lifecycle.create.duplicate.
	It("refuses a second user with a value that its schema says is unique",
		spec.ID("discovery.schema.unique"), spec.Covers(asPublished), spec.Needs("schemas"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := filledUser(ctx, t)
			n := 0
			for _, at := range user.written {
				if at.MultiValued || at.Uniqueness != "server" && at.Uniqueness != "global" || n == most {
					continue
				}
				n++
				name, post := user.newcomer(t)
				body := user.plain(t, name)
				at.put(body, at.in(user.sent))
				made := post(ctx, "create with somebody else's "+at.String(), name, scim.Request{Body: body})
				t.CheckThat(asPublished, "nobody with a second "+at.String(), outcome(made), HavePrefix(refused))
			}
			if n == 0 {
				t.NotTested("The schemas have no unique attribute beside userName that a value can be made up for.")
			}
		})
}

// What can come of a create. In which form something is refused is the matter of the checks on
// errors.
const created, refused = "created", "not created"

func outcome(made spec.Newcomer) string {
	word := refused
	if made.ID != "" {
		word = created
	}
	return fmt.Sprintf("%s, status %d", word, made.Status)
}

// required lists what a body may not lack.
func required(f *filled) []field {
	var list []field
	for _, at := range f.fields {
		if at.Required && at.in(f.sent) != nil && len(list) < most {
			list = append(list, at)
		}
	}
	return list
}

// newcomer makes up the name of another resource of the type, and says how it is created.
func (f *filled) newcomer(t *spec.T) (name string, post func(ctx SpecContext, purpose, name string, r scim.Request) spec.Newcomer) {
	if f.kind.group {
		return t.Subjects.DraftGroup().DisplayName, func(ctx SpecContext, purpose, name string, r scim.Request) spec.Newcomer {
			GinkgoHelper()
			return t.PostGroup(ctx, purpose, name, r)
		}
	}
	return t.Subjects.Draft().UserName, func(ctx SpecContext, purpose, name string, r scim.Request) spec.Newcomer {
		GinkgoHelper()
		return t.PostUser(ctx, purpose, name, r)
	}
}

// renamed is the body of the filled resource for somebody else, with values of their own where
// these must be unique.
func (f *filled) renamed(name string) scim.Document {
	body := f.sent.Clone()
	own := maker{mark: strings.TrimPrefix(strings.TrimSuffix(name, "@"+afterAt(name)), subject.Prefix), domain: afterAt(name)}
	for _, at := range f.written {
		if at.Uniqueness == "server" || at.Uniqueness == "global" {
			value, _ := own.value(at.Attribute)
			at.put(body, value)
		}
	}
	rename(body, f.kind, name)
	return body
}

func rename(body scim.Document, k kind, name string) {
	if k.group {
		body["displayName"] = name
		return
	}
	body["userName"], body["externalId"] = name, strings.TrimSuffix(name, "@"+afterAt(name))
	body["emails"] = []any{map[string]any{"value": name, "type": "work", "primary": true}}
}

func afterAt(name string) string {
	_, domain, _ := strings.Cut(name, "@")
	return domain
}

// plain is the body of another user with what every test user has, and what the profile gives.
func (f *filled) plain(t *spec.T, name string) scim.Document {
	who := t.Subjects.Draft()
	body := who.Document(t.Target.SCIM.UserExtra).Clone()
	rename(body, f.kind, name)
	return body
}

// drop takes an attribute out of a body.
func drop(body scim.Document, at field) {
	if at.urn == "" {
		maps.DeleteFunc(body, func(name string, _ any) bool { return strings.EqualFold(name, at.Name) })
		return
	}
	if part, ok := body[at.urn].(map[string]any); ok {
		maps.DeleteFunc(part, func(name string, _ any) bool { return strings.EqualFold(name, at.Name) })
	}
}

// sparing creates a user with no more than what is required. One without a userName is not
// tried, whatever the schema says: nobody could find them.
func sparing(ctx SpecContext, t *spec.T, user *filled) {
	GinkgoHelper()
	name, post := user.newcomer(t)
	full := user.renamed(name)
	body := scim.Document{"schemas": []any{scim.UserSchema}, "userName": name}
	for _, at := range required(user) {
		if value := at.in(full); value != nil {
			at.put(body, value)
		}
	}
	made := post(ctx, "create with no more than what is required", name, scim.Request{Body: body})
	t.CheckThat(asPublished, "a user with no more than what is required", outcome(made), HavePrefix(created))
}
