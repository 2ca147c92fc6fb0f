// Package bulk is about several operations in one request (RFC 7644 §3.7).
package bulk

import (
	"context"
	"maps"
	"net/http"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string {
	return []string{
		"bulk.response", "bulk.results", "bulk.id", "bulk.patch", "bulk.effects", "bulk.failed", "bulk.fail-on-errors",
		"bulk.references", "bulk.version", "bulk.limits", "bulk.unsupported",
	}
}

// Register adds the checks to the spec tree.
func Register() {
	registerFailures()
	registerLimits()
	registerMixed()
	registerReferences()
}

// operation is one operation of a Bulk.
type operation struct {
	method, path, bulkID, version string
	data                          any
	// makes is whom it may create; nil for nobody.
	makes *spec.Expected
}

func (o operation) sent() map[string]any {
	out := map[string]any{"method": o.method, "path": o.path}
	for name, text := range map[string]string{"bulkId": o.bulkID, "version": o.version} {
		if text != "" {
			out[name] = text
		}
	}
	if o.data != nil {
		out["data"] = o.data
	}
	return out
}

// message is a Bulk of operations.
func message(operations ...operation) scim.Document {
	list := []any{}
	for _, o := range operations {
		list = append(list, o.sent())
	}
	return scim.Document{"schemas": []any{scim.BulkSchema}, "Operations": list}
}

// send sends operations as one request. Whatever they create is removed after the spec.
func send(ctx context.Context, t *spec.T, purpose string, operations ...operation) outcome {
	GinkgoHelper()
	return dispatch(ctx, t, purpose, message(operations...), false, operations)
}

func dispatch(ctx context.Context, t *spec.T, purpose string, body scim.Document, keep bool, operations []operation) outcome {
	GinkgoHelper()
	var expected []*spec.Expected
	for _, o := range operations {
		if o.makes != nil {
			expected = append(expected, o.makes)
		}
	}
	out := outcome{operations: operations}
	out.reply = t.SendFor(ctx, purpose, scim.Request{Method: http.MethodPost, Path: "/Bulk", Body: body}, keep, expected...)
	out.results = out.reply.Doc.Objects("Operations")
	for i, o := range operations {
		r := out.of(i)
		if later(r.status()) {
			t.Must(nil, &scim.Trouble{Method: o.method, URL: t.SCIM.Base().String() + o.path + " in a Bulk", Status: number(r.status()), Tries: 1})
		}
		if id := scim.IDIn(r.Text("location")); o.makes != nil && r.ok() && id != "" {
			t.Came(o.makes, id)
		}
	}
	return out
}

// newUser is an operation that creates a user, with attributes beside the usual ones.
func newUser(t *spec.T, bulkID string, extra map[string]any) operation {
	s := t.Subjects.Draft()
	return operation{method: http.MethodPost, path: "/Users", bulkID: bulkID, data: document(t, s, extra), makes: &spec.Expected{Name: s.UserName}}
}

// newGroup is an operation that creates a group with one member.
func newGroup(t *spec.T, bulkID string, member map[string]any) operation {
	name := t.Subjects.DraftGroup().DisplayName
	return operation{
		method: http.MethodPost, path: "/Groups", bulkID: bulkID, makes: &spec.Expected{Name: name, Group: true},
		data: scim.Document{"schemas": []any{scim.GroupSchema}, "displayName": name, "members": []any{member}},
	}
}

func document(t *spec.T, s *subject.Subject, extra map[string]any) scim.Document {
	all := maps.Clone(t.Target.SCIM.UserExtra)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, extra)
	return s.Document(all)
}

// victim is a user whom operations change that may go wrong. Each check gives them another
// family name, and relies on nothing that another has left.
func victim(ctx context.Context, t *spec.T) *subject.Subject {
	GinkgoHelper()
	return spec.Shared(t, "bulk.victim", func() *subject.Subject { return t.MustKeptUser(ctx, nil) })
}

// renaming is an operation that gives a user another family name.
func renaming(t *spec.T, s *subject.Subject, family string) operation {
	data := document(t, s, map[string]any{"name": map[string]any{"givenName": "Scimproof", "familyName": family}})
	delete(data, "password")
	return operation{method: http.MethodPut, path: scim.UserPath(s.ID), data: data}
}

// replacing is an operation that fails, as a PUT creates nobody.
func replacing(t *spec.T) operation {
	nobody := newUser(t, "", nil)
	nobody.method, nobody.path = http.MethodPut, scim.UserPath(uuid.NewString())
	return nobody
}

// removing is an operation that does nothing, as nobody has the id.
func removing() operation {
	return operation{method: http.MethodDelete, path: "/Users/scimproof-nobody"}
}

func family(r *scim.Reply) string { return r.Doc.Text("name", "familyName") }

// readUntil reads a resource until it shows what a write should have done.
func readUntil(ctx context.Context, t *spec.T, purpose, path string, shows func(*scim.Reply) bool) *scim.Reply {
	GinkgoHelper()
	reply, _ := t.ReadUntil(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) {
		return t.SCIM.Do(ctx, http.MethodGet, path, nil)
	}, shows)
	return reply
}
