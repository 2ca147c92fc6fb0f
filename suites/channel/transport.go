package channel

import (
	"context"
	"crypto/tls"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/scimproof/scimproof/suites/scim"
	"github.com/scimproof/scimproof/suites/spec"
)

// registerTransport adds the checks of the connection itself (RFC 7644 §7.2).
func registerTransport() {
	// No credential goes along: a service that answers would have seen it.
	It("shows no resource over a connection without TLS",
		spec.ID("channel.transport.plain"), spec.Covers("RFC7644-7.2-01"), spec.Needs("https"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			plain := mustClient(t.SCIM.OverPlainHTTP())
			reply, err := plain.Do(t.Context(ctx, "ask over plain http"), http.MethodGet, "/ServiceProviderConfig", nil)
			answered := "no resource"
			if err == nil {
				t.Cite(reply.Exchanges...)
				if reply.OK() || reply.Doc.Text("documentationUri") != "" || reply.Status == http.StatusUnauthorized {
					answered = "SCIM itself"
				}
			}
			well(ctx, t)
			t.CheckThat("RFC7644-7.2-01", "no answer of the SCIM service over plain http", answered, Equal("no resource"))
		})

	It("speaks TLS 1.2, which every client has",
		spec.ID("channel.transport.version"), spec.Covers("RFC7644-7.2-02"), spec.Needs("https"),
		func(ctx SpecContext) {
			t := spec.From(ctx)
			older := mustClient(t.SCIM.UpToTLS(tls.VersionTLS12))
			reply, err := older.FindUser(t.Context(ctx, "ask over TLS 1.2"), "scimproof-nobody")
			spoken := "TLS 1.2"
			switch trouble := scim.AsTrouble(err); {
			case trouble != nil && trouble.Status == 0:
				t.Cite(trouble.Exchanges...)
				spoken = "newer versions alone"
			case err != nil:
				t.Must(nil, err)
			default:
				t.Cite(reply.Exchanges...)
			}
			// A service that speaks newer versions alone is safer, and some clients cannot reach it.
			well(ctx, t)
			t.Prefer("RFC7644-7.2-02", "an answer over TLS 1.2", spoken, Equal("TLS 1.2"))
		})
}

// well sees that the service answers as it should: no answer elsewhere would say anything
// otherwise.
func well(ctx SpecContext, t *spec.T) {
	GinkgoHelper()
	t.Send(ctx, "ask as usual", func(ctx context.Context) (*scim.Reply, error) { return t.SCIM.FindUser(ctx, "scimproof-nobody") })
}
