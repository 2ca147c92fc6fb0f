// Package me is about the alias /Me of whoever asks (RFC 7644 §3.11).
package me

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// Story lists how the ids of this package's checks begin, in the order of the report.
func Story() []string { return []string{"me"} }

// Register adds the checks to the spec tree.
func Register() {
	It("answers 501 to a question for /Me that it does not support",
		spec.ID("me.unsupported"), spec.Covers("RFC7644-3.11-01"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := ask(ctx, t)
			if supported(reply) {
				t.NotTested("The service supports /Me, which is the matter of the check me.location.")
			}
			t.CheckThat("RFC7644-3.11-01", "status 501 for what is not supported", reply.Status, Equal(http.StatusNotImplemented))
		})

	It("says at /Me where the user is whose alias it is",
		spec.ID("me.location"), spec.Covers("RFC7644-3.11-02"), spec.Needs("me"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			reply := ask(ctx, t)
			location := reply.Header.Get("Location")
			path, below := t.SCIM.Below(location)
			if !below {
				t.CheckThat("RFC7644-3.11-02", "the address of a resource of the service in the header Location", location, HavePrefix(t.SCIM.Base().String()+"/"))
				return
			}
			t.CheckThat("RFC7644-3.11-02", "the address of a resource, and not the alias, in the header Location", path, MatchRegexp(`^/[^/]+/[^/]+$`))
			if reply.OK() {
				t.CheckThat("RFC7644-3.11-02", "the address of the user who is shown", scim.IDIn(path), Equal(reply.Doc.Text("id")))
			}
		})
}

func ask(ctx SpecContext, t *spec.T) *scim.Reply {
	GinkgoHelper()
	return t.Get(ctx, "ask for /Me", "/Me")
}

// supported tells an answer to the alias: the resource, or the way to it.
func supported(r *scim.Reply) bool { return r.OK() || r.Status == http.StatusPermanentRedirect }
