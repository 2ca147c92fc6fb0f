package defects

import (
	"net/http"
	"strings"

	"github.com/scimproof/scimproof/mocks/acme"
)

// alias are the defects of /Me (RFC 7644 §3.11).
func alias() []Defect {
	return []Defect{
		{
			Name:    "me-unsupported-404",
			Summary: "A request for /Me, which is not supported, is answered 404 instead of 501.",
			Checks:  []string{"me.unsupported"},
			Gaps:    []string{"nonconformant"},
			Install: onMe(func(r *acme.Reply) {
				refuse(r, &acme.Error{Status: http.StatusNotFound, Detail: "no such endpoint: " + r.Request.URL.Path})
				delete(r.Body, "scimType")
			}),
		},
		{
			Name:    "me-without-location",
			Summary: "The answer to /Me does not say where the user is.",
			Checks:  []string{"me.location"},
			Gaps:    []string{"nonconformant"},
			Install: onMe(func(r *acme.Reply) {
				r.Status, r.Body = http.StatusOK, map[string]any{
					"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User"}, "id": "provisioner", "userName": "provisioner",
				}
			}),
		},
	}
}

// lawfulAlias is a free choice of how /Me is answered.
func lawfulAlias() []Defect {
	return []Defect{{
		// RFC 7644 §3.11: a redirect is one of three ways.
		Name:    "me-redirected",
		Summary: "A request for /Me is answered with a redirect to the user of the provisioning client.",
		Install: onMe(func(r *acme.Reply) {
			r.Status, r.Body = http.StatusPermanentRedirect, nil
			r.Header.Set("Location", "http://"+r.Request.Host+strings.TrimSuffix(r.Request.URL.Path, "/Me")+"/Users/provisioner")
		}),
	}}
}

// onMe alters what a provisioning client is answered at /Me.
func onMe(hook func(*acme.Reply)) func(*acme.Config) {
	return onStatus(http.StatusNotImplemented, func(r *acme.Reply) {
		if strings.HasSuffix(r.Request.URL.Path, "/Me") {
			hook(r)
		}
	})
}
