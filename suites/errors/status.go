package errors

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/suites/dialects"
	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

func registerStatus() {
	It("answers 404 for what it does not know",
		spec.ID("errors.status.unknown"), spec.Covers("RFC7644-3.12-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			paths := []string{scim.UserPath(nobody), "/scimproof-nowhere"}
			if t.Features.Gate(t.Context(ctx, ""), "groups").Open {
				paths = append(paths, scim.GroupPath(nobody))
			}
			for _, path := range paths {
				reply := t.Get(ctx, "read what is not there", path)
				t.CheckThat("RFC7644-3.12-05", "status 404 for "+path, reply.Status, Equal(http.StatusNotFound))
				t.CheckThat("RFC7644-3.12-05", "no page or resource for "+path, given(reply), Equal("an error"))
			}
		})

	It("answers 404 for ids of any form",
		spec.ID("errors.status.strange-ids"), spec.Covers("RFC7644-3.12-05"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, id := range []string{"0", "null", "%00", "..%2fGroups", strings.Repeat("a", 4096)} {
				reply := t.Get(ctx, "read an id of a strange form", "/Users/"+id)
				what := id[:min(len(id), 16)]
				if reply.Status >= http.StatusBadRequest && reply.Status < http.StatusInternalServerError {
					t.Prefer("RFC7644-3.12-05", "status 404 for the id "+what, reply.Status, Or(Equal(http.StatusNotFound), Equal(http.StatusRequestURITooLong)))
					continue
				}
				t.CheckThat("RFC7644-3.12-05", "status 404 for the id "+what, reply.Status, Equal(http.StatusNotFound))
			}
		})

	It("answers 501 for an operation that it says it does not support",
		spec.ID("errors.status.unsupported"), spec.Covers("RFC7644-3.12-06"),
		func(ctx SpecContext) { unsupported(ctx, spec.From(ctx)) })

	It("names the methods that there are where it refuses one with 405",
		spec.ID("errors.status.method"), spec.Covers("RFC7644-3.12-07"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range []scim.Request{
				{Method: http.MethodDelete, Path: "/ServiceProviderConfig"}, {Method: http.MethodPatch, Path: "/Schemas", Body: scim.PatchOp(spec.Replace("title", "x"))},
				{Method: http.MethodPost, Path: scim.UserPath(nobody), Body: scim.Document{"schemas": []any{scim.UserSchema}}},
			} {
				reply := t.Do(ctx, "send a method that is not valid there", r)
				what := r.Method + " " + strings.SplitN(strings.TrimPrefix(r.Path, "/"), "/", 2)[0]
				t.CheckThat("RFC7644-3.12-07", "a refusal of "+what, reply.Status, BeElementOf(http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusNotFound, http.StatusForbidden, http.StatusBadRequest))
				if reply.Status == http.StatusMethodNotAllowed {
					t.CheckThat("RFC7644-3.12-07", "a header Allow on the 405 to "+what, reply.Header.Get("Allow"), Not(BeEmpty()))
				}
			}
		})

	It("answers a userName that is taken with 409",
		spec.ID("errors.status.conflict"), spec.Covers("RFC7644-3.12-08"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			for _, r := range provoked(ctx, t) {
				if r.what == "a userName that is taken" {
					t.CheckThat("RFC7644-3.12-08", "status 409 for "+r.what, r.Status, Equal(http.StatusConflict))
				}
			}
		})

	// A redirect that turns a PATCH into a GET makes a deactivation look done.
	It("keeps method and body where it redirects",
		spec.ID("errors.status.redirect"), spec.Covers("RFC7644-3.12-09"), spec.Needs("patch", "attribute:title"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			user := victim(ctx, t)
			reply := t.Patch(ctx, "change with a slash at the end", scim.UserPath(user.ID)+"/", spec.Replace("title", "Redirected"))
			if reply.Status >= 300 && reply.Status < 400 {
				t.CheckThat("RFC7644-3.12-09", "status 307 or 308 where a PATCH is redirected", reply.Status, BeElementOf(http.StatusTemporaryRedirect, http.StatusPermanentRedirect))
				return
			}
			read, _ := t.ReadUntil(ctx, "read back", sending(t.SCIM, scim.UserPath(user.ID)), func(r *scim.Reply) bool {
				return (r.Doc.Text("title") == "Redirected") == reply.OK()
			})
			t.CheckThat("RFC7644-3.12-09", "a change if, and only if, the answer says so", carriedOut(read.Doc.Text("title") == "Redirected"), Equal(carriedOut(reply.OK())))
		})

	It("serves its resource types at the names that clients expect",
		spec.ID("errors.status.endpoints"), spec.Covers("RFC7644-3.2-02"), spec.Needs("resource-types"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			t.Cite(t.Features.Discovery(t.Context(ctx, "")).ResourceTypes.Exchanges...)
			expected := map[string]string{"User": "Users", "Group": "Groups"}
			seen := false
			for _, r := range t.Features.ResourceTypes(t.Context(ctx, "")) {
				if endpoint, core := expected[r.Text("name")]; core {
					seen = true
					t.CheckThat("RFC7644-3.2-02", "the endpoint /"+endpoint+" of "+r.Text("name"), strings.Trim(r.Text("endpoint"), "/"), Equal(endpoint))
				}
			}
			if !seen {
				t.NotTested("Neither User nor Group is among the resource types.")
			}
		})

	It("does not answer for a version that it does not speak",
		spec.ID("errors.status.version"), spec.Covers("RFC7644-3.13-01", "RFC7644-3.13-02"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			base := t.SCIM.Base()
			parent, versioned := strings.CutSuffix(base.Path, "/v2")
			if !versioned {
				t.NotTested("The address of the service does not end in /v2.")
			}
			future := t.Do(ctx, "ask for a version that there is not", scim.Request{Method: http.MethodGet, Base: parent + "/v99", Path: "/Users?count=1"})
			t.CheckThat("RFC7644-3.13-01", "a refusal of version 99", future.Status, BeNumerically(">=", http.StatusBadRequest))
			plain := t.Do(ctx, "ask without a version", scim.Request{Method: http.MethodGet, Base: parent, Path: "/ServiceProviderConfig"})
			t.Record("RFC7644-3.13-02", "a request without a version", fmt.Sprintf("answered %d", plain.Status))
		})

	// Nobody provokes it: what was seen so far is looked at.
	It("says with a 429 when to come back",
		spec.ID("errors.status.throttled"), spec.Covers("RFC7644-3.12-10"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			seen := t.Recorder.Find(func(e reports.Exchange) bool { return e.Status == http.StatusTooManyRequests })
			if len(seen) == 0 {
				t.NotTested("No request was answered 429 so far.")
			}
			t.Cite(seen[0].ID)
			var without []string
			for _, e := range seen {
				if e.ResponseHeaders["Retry-After"] == "" {
					without = append(without, e.ID)
				}
			}
			t.CheckFor(dialects.ClientIDs(), "RFC7644-3.12-10", "a header Retry-After on each 429", without, BeEmpty())
		})
}

// given says what an answer holds.
func given(r *scim.Reply) string {
	switch {
	case r.Status >= http.StatusBadRequest:
		return "an error"
	case r.Doc != nil:
		return "a resource"
	}
	return "a page"
}

func carriedOut(yes bool) string {
	if yes {
		return "changed"
	}
	return "unchanged"
}

// unsupported asks for what the service says it cannot do.
func unsupported(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	denied := 0
	for _, f := range []struct {
		gate    string
		request scim.Request
	}{
		{"no-patch", scim.Request{Method: http.MethodPatch, Path: scim.UserPath(nobody), Body: scim.PatchOp(spec.Replace("title", "x"))}},
		{"no-bulk", scim.Request{Method: http.MethodPost, Path: "/Bulk", Body: scim.Document{"schemas": []any{scim.BulkSchema}, "Operations": []any{}}}},
		{"no-filter", scim.Request{Method: http.MethodGet, Path: "/Users?" + url.Values{"filter": {`userName eq "scimproof-nobody"`}}.Encode()}},
	} {
		if !t.Features.Gate(t.Context(ctx, ""), f.gate).Open {
			continue
		}
		denied++
		feature := strings.TrimPrefix(f.gate, "no-")
		reply := t.Do(ctx, "ask for what is not supported", f.request)
		if reply.OK() || f.gate == "no-patch" && reply.Status == http.StatusNotFound {
			t.Record("RFC7644-3.12-06", feature+", which ServiceProviderConfig denies", "works all the same")
			continue
		}
		t.CheckThat("RFC7644-3.12-06", "status 501 for what ServiceProviderConfig denies ("+feature+")", reply.Status, Equal(http.StatusNotImplemented))
	}
	if denied == 0 {
		t.NotTested("ServiceProviderConfig denies neither PATCH nor Bulk nor filters.")
	}
}
