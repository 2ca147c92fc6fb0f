// Package versions is about ETags (RFC 7644 §3.14).
package versions

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
	"github.com/scimproof/scimproof/suites/subject"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"versions"} }

// Register adds the checks to the spec tree.
func Register() {
	It("gives each resource a version, the same in the header ETag and in meta.version",
		spec.ID("versions.etag"), spec.Covers("RFC7644-3.14-01", "RFC7643-3.1-16"), spec.Needs("etag"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			path := scim.UserPath(user.ID)
			read := known(ctx, t, user)
			tagged(t, "a read", read)
			tagged(t, "a PUT", t.Put(ctx, "replace by what was read", path, read.Doc))
			if !t.Features.Gate(t.Context(ctx, ""), "patch").Open {
				return
			}
			if patched := t.Patch(ctx, "change", path, spec.Replace("title", "Versioned")); patched.OK() && patched.Doc != nil {
				tagged(t, "a PATCH", patched)
			}
		})

	// RFC 7644 §3.14: with If-None-Match an unchanged resource is answered 304 and not sent again.
	It("answers 304 for what has not changed, and sends what has",
		spec.ID("versions.if-none-match"), spec.Covers("RFC7644-3.14-02"), spec.Needs("etag"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			read := mustTagged(ctx, t, user)
			tag := read.Header.Get("ETag")
			unchanged := t.Do(ctx, "read with the current version", conditional(http.MethodGet, user, "If-None-Match", tag, nil))
			t.CheckThat("RFC7644-3.14-02", "status 304 for an unchanged resource", unchanged.Status, Equal(http.StatusNotModified))
			mustChange(ctx, t, read, "Changed")
			changed := until(ctx, t, "read with the old version", conditional(http.MethodGet, user, "If-None-Match", tag, nil), (*scim.Reply).OK)
			t.CheckThat("RFC7644-3.14-02", "status 200 for a changed resource", changed.Status, Equal(http.StatusOK))
		})

	for _, write := range []struct {
		method string
		gates  []string
	}{{http.MethodPut, []string{"etag"}}, {http.MethodPatch, []string{"etag", "patch"}}, {http.MethodDelete, []string{"etag"}}} {
		It("refuses a "+write.method+" that is based on an old version",
			spec.ID("versions.if-match-stale."+strings.ToLower(write.method)), spec.Covers("RFC7644-3.14-03"), spec.Needs(write.gates...),
			func(ctx SpecContext) { stale(ctx, spec.From(ctx), write.method) })
	}

	It("takes a write that is based on the current version, and gives it another one",
		spec.ID("versions.if-match-current"), spec.Covers("RFC7644-3.14-04"), spec.Needs("etag", "patch"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := t.MustUser(ctx)
			tag := mustTagged(ctx, t, user).Header.Get("ETag")
			reply := t.Do(ctx, "change with the current version", conditional(http.MethodPatch, user, "If-Match", tag, retitled("Second")))
			t.CheckThat("RFC7644-3.14-04", "status 200 or 204 for a write on the current version", reply.Status, Or(Equal(http.StatusOK), Equal(http.StatusNoContent)))
			read := back(ctx, t, user, "Second")
			t.CheckThat("RFC7644-3.14-04", "the title that was sent", read.Doc.Text("title"), Equal("Second"))
			t.CheckThat("RFC7644-3.14-04", "another version after the change", read.Header.Get("ETag"), Not(Or(BeEmpty(), Equal(tag))))
		})

	It("ignores a conditional header that it does not support, or refuses the whole request",
		spec.ID("versions.unsupported"), spec.Covers("RFC7644-3.14-05"), spec.Needs("no-etag"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			if !t.Features.Gate(t.Context(ctx, ""), "patch").Open {
				t.NotTested("The service takes no PATCH, by which the header is tried.")
			}
			user := t.MustUser(ctx)
			reply := t.Do(ctx, "change with a made-up version", conditional(http.MethodPatch, user, "If-Match", `W/"made-up"`, retitled("Second")))
			read := known(ctx, t, user)
			if reply.OK() {
				read = back(ctx, t, user, "Second")
			}
			t.CheckThat("RFC7644-3.14-05", "a change if, and only if, the answer says so",
				happened(read.Doc.Text("title") == "Second"), Equal(happened(reply.OK())))
		})
}

// tagged checks the version of a reply that holds a resource.
func tagged(t *spec.T, what string, r *scim.Reply) {
	t.CheckThat("RFC7644-3.14-01", "the header ETag on the answer to "+what, r.Header.Get("ETag"), Not(BeEmpty()))
	if version := r.Doc.Text("meta", "version"); version != "" {
		t.CheckThat("RFC7643-3.1-16", "meta.version "+r.Header.Get("ETag")+", as in the header, in the answer to "+what, version, Equal(r.Header.Get("ETag")))
	}
}

// mustTagged reads a user with the version; without one there is no verdict.
func mustTagged(ctx SpecContext, t *spec.T, user *subject.Subject) *scim.Reply {
	GinkgoHelper()
	read := known(ctx, t, user)
	if read.Doc == nil || read.Header.Get("ETag") == "" {
		t.NotTested("The service sends no ETag, which is the matter of the check versions.etag.")
	}
	return read
}

// mustChange gives a user who was read another title, by the one way that each service has.
func mustChange(ctx SpecContext, t *spec.T, read *scim.Reply, title string) {
	GinkgoHelper()
	body := read.Doc.Clone()
	body["title"] = title
	if reply := t.Put(ctx, "change in between", scim.UserPath(read.Doc.Text("id")), body); !reply.OK() {
		t.NotTested("The PUT of what was read and another title is refused, which is the matter of other checks.")
	}
}

// stale writes to a version that somebody else has changed since.
func stale(ctx SpecContext, t *spec.T, method string) {
	GinkgoHelper()
	user := t.MustUser(ctx)
	read := mustTagged(ctx, t, user)
	mustChange(ctx, t, read, "Newer")
	var body any
	switch method {
	case http.MethodPut:
		body = read.Doc
	case http.MethodPatch:
		body = retitled("Older")
	}
	reply := t.Do(ctx, "write with the old version", conditional(method, user, "If-Match", read.Header.Get("ETag"), body))
	after := back(ctx, t, user, "Newer")
	t.CheckThat("RFC7644-3.14-03", "the newer title after a write that was based on an old version", after.Doc.Text("title"), Equal("Newer"))
	if reply.Status == http.StatusConflict {
		t.Prefer("RFC7644-3.14-03", "status 412 for a write on an old version", reply.Status, Equal(http.StatusPreconditionFailed))
		return
	}
	t.CheckThat("RFC7644-3.14-03", "status 412 for a write on an old version", reply.Status, Equal(http.StatusPreconditionFailed))
}

// known reads a new user, who may not be seen at once.
func known(ctx SpecContext, t *spec.T, user *subject.Subject) *scim.Reply {
	GinkgoHelper()
	return until(ctx, t, "read the version", scim.Request{Method: http.MethodGet, Path: scim.UserPath(user.ID)}, (*scim.Reply).OK)
}

// back reads until the title is there, for as long as reads may lag.
func back(ctx SpecContext, t *spec.T, user *subject.Subject, title string) *scim.Reply {
	GinkgoHelper()
	return until(ctx, t, "read back", scim.Request{Method: http.MethodGet, Path: scim.UserPath(user.ID)}, func(r *scim.Reply) bool { return r.Doc.Text("title") == title })
}

func until(ctx SpecContext, t *spec.T, purpose string, r scim.Request, shows func(*scim.Reply) bool) *scim.Reply {
	GinkgoHelper()
	reply, _ := t.ReadUntil(ctx, purpose, func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.Send(ctx, r) }, shows)
	return reply
}

func conditional(method string, user *subject.Subject, header, tag string, body any) scim.Request {
	return scim.Request{Method: method, Path: scim.UserPath(user.ID), Header: http.Header{header: {tag}}, Body: body}
}

func retitled(title string) scim.Document { return scim.PatchOp(spec.Replace("title", title)) }

func happened(yes bool) string {
	if yes {
		return "changed"
	}
	return "unchanged"
}
