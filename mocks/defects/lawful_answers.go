package defects

import (
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/scimproof/scimproof/mocks/acme"
	"github.com/scimproof/scimproof/mocks/acme/model"
)

// lawfulAnswers are free choices of lists, headers and statuses.
func lawfulAnswers() []Defect {
	return []Defect{
		{
			// RFC 7644 §3.4.2: both are required only for a part of the results.
			Name:    "list-without-page-numbers",
			Summary: "A list of all there is has no startIndex and no itemsPerPage.",
			Install: onList(func(r *acme.Reply) {
				if r.Body["totalResults"] == len(model.Objects(r.Body["Resources"])) {
					delete(r.Body, "startIndex")
					delete(r.Body, "itemsPerPage")
				}
			}),
		},
		{
			// RFC 7644 §3.4.2: Resources is required only if there are results.
			Name:    "list-without-resources",
			Summary: "A list of nothing has totalResults 0 and no Resources.",
			Install: onList(func(r *acme.Reply) {
				if r.Body["totalResults"] == 0 {
					delete(r.Body, "Resources")
				}
			}),
		},
		{
			Name:    "content-type-with-charset",
			Summary: "Content-Type is application/scim+json with a charset.",
			Install: contentType("application/scim+json; charset=utf-8"),
		},
		{
			Name:    "headers-of-a-proxy",
			Summary: "Each reply has headers of a load balancer, and sets its cookie.",
			Install: writeReply(func(r *acme.Reply) {
				r.Header.Set("Set-Cookie", "lb=node-3; Path=/; HttpOnly")
				r.Header.Set("Via", "1.1 gateway")
				r.Header.Set("Cache-Control", "no-store")
			}),
		},
		{
			// RFC 7643 §5 has ServiceProviderConfig readable without authentication; the rest may be.
			Name:    "discovery-without-token",
			Summary: "Schemas and ResourceTypes are shown to whoever asks.",
			Install: judgeClient(func(c *acme.Client) {
				if asksDefinitions(c.Request) && c.Request.Method == http.MethodGet {
					c.Refuse = nil
				}
			}),
		},
		{
			// RFC 7643 §5: who says less than they do misleads nobody into what does not work.
			Name:    "config-denies-patch",
			Summary: "ServiceProviderConfig says that PATCH is not supported, and it is.",
			Install: claims("patch", "supported", false),
		},
		{
			// RFC 9967 §2.5.1.1: 202 with what it takes to hear of it later.
			Name:    "asynchronous-answers-202",
			Summary: "A client that prefers it is answered 202, without a body.",
			Install: both(tellsOfEvents("long", []any{}), answersLater(func(r *acme.Reply) {
				r.Body = nil
				r.Header.Set("Set-Txn", uuid.NewString())
				r.Header.Set("Preference-Applied", "respond-async")
				r.Header.Set("Location", "/scim/v2/Users")
			})),
		},
		{
			// RFC 7644 §3.12, table 8: 501 for an operation that is not supported.
			Name:    "unsupported-method-501",
			Summary: "A method that an endpoint does not have is answered 501.",
			Install: onStatus(http.StatusMethodNotAllowed, func(r *acme.Reply) { setStatus(r, http.StatusNotImplemented) }),
		},
		{
			// RFC 9865 §2.1: a cursor is good for cursorTimeout at least.
			Name:    "cursors-end-after-a-second",
			Summary: "A cursor is good for a second, as ServiceProviderConfig says, and then refused as expired.",
			Install: both(claims("pagination", "cursorTimeout", 1), rememberingCursors(func(known *cursorLog, p url.Values) {
				if known.age(p.Get("cursor")) > time.Second {
					p.Set("expired", "true")
				}
			})),
		},
		{
			// RFC 9865 §2: previousCursor and totalResults may be left out.
			Name:    "cursors-forward-only",
			Summary: "Pages by cursor name no previous one and count nothing.",
			Install: onList(func(r *acme.Reply) {
				if r.Request.URL.Query().Has("cursor") && r.Request.URL.Query().Get("count") != "0" {
					delete(r.Body, "previousCursor")
					delete(r.Body, "totalResults")
				}
			}),
		},
		{
			// RFC 7644 §7.2 asks for it; this machine alone may do without.
			Name:    "served-over-tls",
			Summary: "The service is served over TLS 1.2 and newer.",
			Install: func(c *acme.Config) { c.TLS = &acme.TLS{} },
		},
	}
}
